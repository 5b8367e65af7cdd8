/** One of each, made when it is first asked for. */
export class Registry<One> {
  private readonly made = new Map<string, One>();

  of(key: string, make: () => One): One {
    const found = this.made.get(key) ?? make();
    this.made.set(key, found);
    return found;
  }

  all(): One[] {
    return [...this.made.values()];
  }
}
