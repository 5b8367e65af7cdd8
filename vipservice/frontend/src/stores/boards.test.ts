import { expect, test } from "vitest";
import { boardOf, chatOf, deskOf, digestOf, forecastOf, meOf } from "../testing/shapes";
import { siteFor } from "../testing/site";
import { Board } from "./board";
import { Chats } from "./chats";

test("the board shows the figures that it hears, and no forecast before there is one", () => {
  const { site, wire } = siteFor();
  const board = new Board(site, { me: meOf("manager"), board: boardOf(), targetMinutes: 30 });
  expect(board.forecast.peek()).toBeNull();
  wire.hears("board", boardOf({ waiting: 5 }));
  wire.hears("forecast", forecastOf({ late: 2 }));
  wire.hears("undelivered", { count: 1, since: "2026-04-24T14:40:00Z" });
  expect([board.figures.peek().waiting, board.forecast.peek()?.late]).toEqual([5, 2]);
  expect(board.undelivered.peek()?.count).toBe(1);
});

test("the start page keeps open and closed questions apart, the latest change first", () => {
  const { site, wire } = siteFor();
  const chats = new Chats(site, {
    me: meOf("requester"),
    mayOpen: true,
    availability: deskOf(),
    chats: [chatOf(), chatOf({ id: "d" })],
  });
  wire.hears("digest", digestOf("municipality", [chatOf({ id: "d", state: "closed" }), chatOf({ id: "e" })]));
  wire.hears("availability", deskOf({ open: false }));
  expect(chats.open.peek().map(({ id }) => id)).toEqual(["e", "c"]);
  expect(chats.closed.peek().map(({ id }) => id)).toEqual(["d"]);
  expect(chats.desk.peek().open).toBe(false);
});
