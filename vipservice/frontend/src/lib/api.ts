// Calls to /api/v1. A refusal is thrown with the server's own sentence.

import { isDefinite, Keys } from "../model/keys";
import type { Chat, Move, Problem } from "../model/types";
import type { Session } from "./session";
import { t } from "./text";

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** Milliseconds, after which nobody knows: what was sent goes again, under its key. */
const ANSWERED_WITHIN = 30_000;
const FILE_WITHIN = 180_000;

export class Api {
  private readonly keys = new Keys(() => crypto.randomUUID());

  /** `own` names the person for whom the page was made: another one's session must refuse it. */
  constructor(
    private readonly session: Session,
    private readonly own: Readonly<Record<string, string>>,
    private readonly fetch: typeof globalThis.fetch,
  ) {}

  get<Answer>(path: string): Promise<Answer> {
    return this.call("GET", path);
  }

  /** A question, a file: it has a key of its own. */
  post<Answer>(path: string, body?: unknown): Promise<Answer> {
    return this.call("POST", path, body);
  }

  /** What says what something is from now on: twice is the same. */
  put<Answer>(path: string, body: unknown): Promise<Answer> {
    return this.call("PUT", path, body);
  }

  /** A move of the state machine: twice is refused. */
  move(chatId: string, move: Move, more: object = {}): Promise<Chat> {
    return this.post(`/chats/${chatId}/moves`, { move, ...more });
  }

  /**
   * Does once what could be done twice: the key is renewed after a definite yes or no alone.
   * `about` tells the same words apart when they are meant anew.
   */
  async postOnce<Answer>(path: string, body: unknown, about = 0): Promise<Answer> {
    const words = `${path} ${about} ${JSON.stringify(body)}`;
    const key = this.keys.of(words);
    this.keys.keep(words, key);
    try {
      const answer = await this.call<Answer>("POST", path, body, key);
      this.keys.settle(key);
      return answer;
    } catch (error) {
      if (error instanceof Refused && isDefinite(error.problem)) this.keys.settle(key);
      throw error;
    }
  }

  private async call<Answer>(method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
    if (this.session.ended) throw new Refused(over(this.session));
    const answer = await this.fetch(`/api/v1${path}`, this.request(method, body, key)).catch(() => null);
    if (!answer) throw new Refused(unreachable());
    const content: unknown = await answer.json().catch(() => null);
    if (answer.ok && content !== null) return content as Answer;
    const problem = (content as Problem | null) ?? unreachable();
    if (answer.status === 401) this.session.end(problem.detail);
    throw new Refused(problem);
  }

  private request(method: string, body: unknown, key?: string): RequestInit {
    const headers = key ? { ...this.own, "Idempotency-Key": key } : this.own;
    const file = body instanceof FormData;
    const signal = AbortSignal.timeout(file ? FILE_WITHIN : ANSWERED_WITHIN);
    if (body === undefined) return { method, headers, signal };
    if (file) return { method, headers, body, signal };
    const json = { ...headers, "Content-Type": "application/json" };
    return { method, headers: json, body: JSON.stringify(body), signal };
  }
}

export function unreachable(): Problem {
  return {
    status: 0,
    title: t("No connection"),
    detail: t("There is no connection with the server. Check your network and try again."),
  };
}

function over({ goodbye }: Session): Problem {
  return { status: 401, title: t("Sign in"), detail: goodbye.peek() };
}
