// Calls to /api/v1. A refusal is thrown with the server's own sentence.

import { isDefinite, Keys } from "../model/keys";
import type { Chat, Move } from "../model/types";
import { csrfToken, person } from "./page";
import { connection, end, goodbye } from "./session";
import { t } from "./text";

export interface Problem {
  status: number;
  title: string;
  detail: string;
  errors?: { field: string; detail: string }[];
  /** In so many seconds the same can be sent again. */
  retryAfter?: number;
}

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

async function call<Answer>(method: string, path: string, body?: unknown, key?: string): Promise<Answer> {
  if (connection.peek() === "ended") throw new Refused(over());
  const answer = await fetch(`/api/v1${path}`, request(method, body, key)).catch(() => null);
  if (!answer) throw new Refused(unreachable());
  const content: unknown = await answer.json().catch(() => null);
  if (answer.ok && content !== null) return content as Answer;
  const problem = (content as Problem | null) ?? unreachable();
  if (answer.status === 401) end(problem.detail);
  throw new Refused(problem);
}

/** Milliseconds, after which nobody knows: what was sent goes again, under its key. */
const ANSWERED_WITHIN = 30_000;
const FILE_WITHIN = 180_000;
const keys = new Keys(() => crypto.randomUUID());

/** Does it once, however often it is sent: the key is renewed after a definite yes or no alone. */
async function once<Answer>(path: string, body: unknown, about: number): Promise<Answer> {
  const words = `${path} ${about} ${JSON.stringify(body)}`;
  const key = keys.of(words);
  keys.keep(words, key);
  try {
    const answer = await call<Answer>("POST", path, body, key);
    keys.settle(key);
    return answer;
  } catch (error) {
    if (error instanceof Refused && isDefinite(error.problem)) keys.settle(key);
    throw error;
  }
}

/** Names the person for whom the page was made: another one's session must refuse it. */
function request(method: string, body: unknown, key?: string): RequestInit {
  const own = { "X-CSRF-Token": csrfToken, "X-Person": person };
  const headers = key ? { ...own, "Idempotency-Key": key } : own;
  const file = body instanceof FormData;
  const signal = AbortSignal.timeout(file ? FILE_WITHIN : ANSWERED_WITHIN);
  if (body === undefined) return { method, headers, signal };
  if (file) return { method, headers, body, signal };
  const json = { ...headers, "Content-Type": "application/json" };
  return { method, headers: json, body: JSON.stringify(body), signal };
}

export function unreachable(): Problem {
  return {
    status: 0,
    title: t("No connection"),
    detail: t("There is no connection with the server. Check your network and try again."),
  };
}

function over(): Problem {
  return { status: 401, title: t("Sign in"), detail: goodbye.peek() };
}

export const get = <Answer>(path: string) => call<Answer>("GET", path);
/** A question, a file: it has a key of its own. */
export const post = <Answer>(path: string, body?: unknown) => call<Answer>("POST", path, body);
/** A move of the state machine: twice is refused. */
export const makeMove = (chatId: string, move: Move, more: object = {}) =>
  post<Chat>(`/chats/${chatId}/moves`, { move, ...more });
/** What says what something is from now on: twice is the same. */
export const put = <Answer>(path: string, body: unknown) => call<Answer>("PUT", path, body);
/** What could be done twice; `about` tells the same words apart when they are meant anew. */
export const postOnce = <Answer>(path: string, body: unknown, about = 0) => once<Answer>(path, body, about);
