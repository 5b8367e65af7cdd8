import { expect, test } from "vitest";
import { Session } from "./session";

test("what is over stays over, with the first reason, whatever the line does", () => {
  const session = new Session();
  session.line("connected");
  session.end("U bent uitgelogd.");
  session.end("Nog een keer.");
  session.line("connected");
  expect([session.connection.peek(), session.goodbye.peek()]).toEqual(["ended", "U bent uitgelogd."]);
});

test("whether there is a connection is known once the line has been tried", async () => {
  const [up, down] = [new Session(), new Session()];
  const answers = Promise.all([up.isConnected(), down.isConnected()]);
  up.line("connected");
  down.line("lost");
  expect(await answers).toEqual([true, false]);
});
