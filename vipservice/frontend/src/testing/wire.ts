// A Socket.IO connection of which a test is the server and the network.

import { vi } from "vitest";
import type { Heard } from "../live/events";
import type { Wire } from "../live/line";

type Handle = (payload: unknown) => void;
type Answer = (payload: never) => unknown;

export class FakeWire implements Wire {
  connected = false;
  active = true;
  id: string | undefined;
  /** What left over it, oldest first. */
  readonly sent: { event: string; payload: unknown }[] = [];
  readonly connect = vi.fn(() => this.opens());
  readonly disconnect = vi.fn(() => this.drops());
  private readonly handles = new Map<string, Set<Handle>>();
  private readonly always: (() => void)[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly pending = new Set<(reason: Error) => void>();
  private buffered: (() => void)[] = [];
  private lines = 0;

  on(event: string, handle: Handle): void {
    this.handles.set(event, (this.handles.get(event) ?? new Set()).add(handle));
  }

  off(event: string, handle: Handle): void {
    this.handles.get(event)?.delete(handle);
  }

  onAny(handle: () => void): void {
    this.always.push(handle);
  }

  emit(event: string, payload: unknown): void {
    this.sent.push({ event, payload });
  }

  /** As the library: what is asked without a line waits for one, and a cut loses what is pending. */
  timeout(milliseconds: number) {
    return {
      emitWithAck: (event: string, payload: unknown): Promise<unknown> =>
        new Promise((resolve, reject) => {
          this.pending.add(reject);
          setTimeout(() => reject(new Error("operation has timed out")), milliseconds);
          const leave = () => {
            this.emit(event, payload);
            const answer = this.answers.get(event)?.(payload as never);
            if (answer !== undefined) resolve(answer);
          };
          if (this.connected) leave();
          else this.buffered.push(leave);
        }),
    };
  }

  /** How the server acknowledges an event; undefined is silence. */
  acknowledges(event: string, answer: Answer): void {
    this.answers.set(event, answer);
  }

  /** The line comes up. */
  opens(): void {
    this.connected = true;
    this.id = `line-${++this.lines}`;
    const waiting = this.buffered;
    this.buffered = [];
    for (const leave of waiting) leave();
    this.fire("connect", undefined);
  }

  /** The line goes. */
  drops(): void {
    if (!this.connected) return;
    this.connected = false;
    this.id = undefined;
    for (const reject of this.pending) reject(new Error("socket has been disconnected"));
    this.pending.clear();
    this.fire("disconnect", "transport close");
  }

  /** The server will not have it; `again`: the library tries by itself. */
  refuses(data: unknown, again = false): void {
    this.active = again;
    this.fire("connect_error", Object.assign(new Error("refused"), { data }));
  }

  /** The server tells something. */
  hears<Event extends keyof Heard>(event: Event, payload: Heard[Event]): void {
    for (const handle of this.always) handle();
    this.fire(event, payload);
  }

  /** The payloads that left under this name. */
  said<Payload>(event: string): Payload[] {
    return this.sent.filter((one) => one.event === event).map(({ payload }) => payload as Payload);
  }

  private fire(event: string, payload: unknown): void {
    for (const handle of [...(this.handles.get(event) ?? [])]) handle(payload);
  }
}
