// The server's HTTP side, of which a test says what it answers.

interface Request {
  method: string;
  path: string;
  headers: Headers;
  body: unknown;
}

type Answer = { status?: number; body?: unknown } | "lost" | Promise<Response>;

export class FakeHttp {
  readonly requests: Request[] = [];
  private readonly answers = new Map<string, (request: Request) => Answer>();

  /** How "POST /chats" is answered from now on: a body, a status with a problem, or not at all. */
  on(call: string, answer: Answer | ((request: Request) => Answer)): void {
    this.answers.set(call, typeof answer === "function" ? answer : () => answer);
  }

  readonly fetch = (async (address: string, { method = "GET", headers, body }: RequestInit) => {
    const path = address.replace("/api/v1", "");
    const given = typeof body === "string" ? JSON.parse(body) : body;
    const request = { method, path, headers: new Headers(headers), body: given };
    this.requests.push(request);
    const answer = this.answers.get(`${method} ${path.split("?")[0]}`)?.(request) ?? missing(method, path);
    if (answer === "lost") throw new TypeError("Failed to fetch");
    return answer instanceof Promise ? answer : Response.json(answer.body ?? null, { status: answer.status ?? 200 });
  }) as typeof globalThis.fetch;

  /** The calls so far: "POST /chats". */
  get calls(): string[] {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  get last(): Request {
    const last = this.requests.at(-1);
    if (!last) throw new Error("nothing was asked");
    return last;
  }
}

function missing(method: string, path: string): never {
  throw new Error(`this test has no answer for ${method} ${path}`);
}

/** A refusal as the server tells it. */
export const refusal = (status: number, detail = "Dat kan niet.", more: object = {}) => ({
  status,
  body: { status, title: "Nee", detail, ...more },
});
