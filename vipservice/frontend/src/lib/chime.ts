/** Two short tones; silent while the browser has had no click yet. */
export function chime(): () => void {
  let context: AudioContext | undefined;
  return () => {
    context ??= new AudioContext();
    if (context.state === "suspended") void context.resume();
    for (const [index, frequency] of [660, 880].entries()) {
      tone(context, frequency, context.currentTime + index * 0.16);
    }
  };
}

/** One tone of 0.3 s, fading, from this moment of the context's clock in seconds. */
function tone(context: AudioContext, frequency: number, from: number): void {
  const sound = context.createOscillator();
  const volume = context.createGain();
  sound.frequency.value = frequency;
  volume.gain.setValueAtTime(0.08, from);
  volume.gain.exponentialRampToValueAtTime(0.001, from + 0.3);
  sound.connect(volume).connect(context.destination);
  sound.start(from);
  sound.stop(from + 0.3);
}
