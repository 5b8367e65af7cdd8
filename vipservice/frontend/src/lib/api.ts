// Calls to /api/v1. A refusal is thrown with the server's own sentence.

import { csrfToken } from "./page";
import { t } from "./text";

export interface Problem {
  status: number;
  title: string;
  detail: string;
  errors?: { field: string; detail: string }[];
}

export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

async function call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const init: RequestInit = { method, headers: { "X-CSRF-Token": csrfToken } };
  if (body instanceof FormData) {
    init.body = body;
  } else if (body !== undefined) {
    init.headers = { ...init.headers, "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  const answer = await fetch(`/api/v1${path}`, init).catch(() => null);
  if (!answer) throw new Refused(unreachable());
  const content: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new Refused((content as Problem | null) ?? unreachable());
  return content as Answer;
}

function unreachable(): Problem {
  return {
    status: 0,
    title: t("No connection"),
    detail: t("There is no connection with the server. Check your network and try again."),
  };
}

export const get = <Answer>(path: string) => call<Answer>("GET", path);
export const post = <Answer>(path: string, body?: unknown) => call<Answer>("POST", path, body);
