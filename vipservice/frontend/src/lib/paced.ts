// Something that is asked for often and done now and then: at once, and at most so often.

export class Paced {
  private until = 0;
  private later: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly every: number,
    private readonly act: () => void,
  ) {}

  ask(): void {
    if (this.later) return;
    const wait = Math.max(0, this.until - Date.now());
    this.later = setTimeout(() => {
      this.later = undefined;
      this.until = Date.now() + this.every;
      this.act();
    }, wait);
  }
}
