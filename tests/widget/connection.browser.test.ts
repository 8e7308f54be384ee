import { expect, test } from "bun:test";
import { openPanel, openTab, useScenes } from "./helpers/scene.ts";

const scene = useScenes();

test("a reload in the middle of an answer loses nothing and doubles nothing", async () => {
  const here = await scene();
  const { page, parley, widget } = here;
  await openPanel(here);
  await widget.ask("Question");
  const question = await parley.question(0);
  question.say("One two ");
  await widget.answers.getByText("One two").waitFor();

  await page.reload();
  question.say("three.");
  question.finish();
  await widget.answers.getByText("One two three.").waitFor();
  expect(await widget.answers.allTextContents()).toEqual(["One two three."]);
  expect(await widget.visitorMessages.allTextContents()).toEqual(["Question"]);
});

test("a socket killed in the middle of an answer loses nothing and doubles nothing", async () => {
  const here = await scene();
  const { parley, widget } = here;
  await openPanel(here);
  await widget.ask("Question");
  const question = await parley.question(0);
  question.say("One ");
  await widget.answers.getByText("One").waitFor();

  parley.cut();
  question.say("two ");
  question.say("three.");
  question.finish();
  await widget.answers.getByText("One two three.").waitFor();
  expect(await widget.answers.allTextContents()).toEqual(["One two three."]);
});

test("where sockets are refused, answers stream over server-sent events", async () => {
  const here = await scene();
  const { parley, widget } = here;
  parley.refuse.sockets = true;
  await openPanel(here);
  await widget.ask("Question");
  const question = await parley.question(0);
  question.say("One ");
  await widget.answers.getByText("One").waitFor();
  question.say("two.");
  question.finish();

  await widget.answers.getByText("One two.").waitFor();
  expect(parley.requests.some(({ path }) => path.startsWith("/api/chat/events/"))).toBe(true);
  expect(await here.widget.state.count()).toBe(0);
});

test("where no stream comes through, answers come by polling", async () => {
  const here = await scene();
  const { parley, widget } = here;
  Object.assign(parley.refuse, { sockets: true, events: true });
  await openPanel(here);
  await widget.ask("First");
  const first = await parley.question(0);
  first.say("One two.");
  first.finish();
  await widget.answers.getByText("One two.").waitFor();

  await widget.ask("Second");
  const second = await parley.question(1);
  second.say("Three.");
  second.finish();
  await widget.answers.getByText("Three.").waitFor();
  expect(await widget.answers.allTextContents()).toEqual(["One two.", "Three."]);
  expect(await widget.visitorMessages.allTextContents()).toEqual(["First", "Second"]);
});

test("what is typed while the server is away is kept over a reload and sent in order, once", async () => {
  const here = await scene();
  const { parley, widget } = here;
  await openPanel(here);
  await widget.ask("Zero");
  (await parley.question(0)).finish();

  parley.stop();
  await widget.state.getByText("Reconnecting").waitFor();
  await widget.ask("First");
  await widget.ask("Second");
  await widget.ask("Third");
  expect(await widget.panel.getByText("Not sent yet").count()).toBe(3);

  parley.start();
  for (const [index, text] of ["Zero", "First", "Second", "Third"].entries()) {
    const question = await parley.question(index);
    expect(question.text).toBe(text);
    question.say(`Answer ${index}`);
    question.finish();
  }
  await widget.answers.getByText("Answer 3").waitFor();
  expect(parley.questions.map(({ text }) => text)).toEqual(["Zero", "First", "Second", "Third"]);
  expect(await widget.panel.getByText("Not sent yet").count()).toBe(0);
});

test("unsent questions outlive a reload of the page", async () => {
  const here = await scene();
  const { page, parley, widget } = here;
  await openPanel(here);
  await page.getByRole("button", { name: "Send" }).waitFor();
  parley.refuse.sessions = 503;
  parley.forgetSessions();
  parley.cut();
  await widget.ask("Kept");
  await page.reload();
  await widget.visitorMessages.getByText("Kept").waitFor();
  parley.refuse.sessions = 0;

  expect((await parley.question(0)).text).toBe("Kept");
});

test("an unknown token is replaced by a new session, and the visitor notices nothing", async () => {
  const here = await scene();
  const { page, parley, widget } = here;
  await openPanel(here);
  await widget.ask("Before");
  const question = await parley.question(0);
  question.say("Answered");
  question.finish();
  // Until the widget has heard that it was taken, it would be asked again in the new session.
  await widget.answers.getByText("Answered").waitFor();
  parley.forgetSessions();
  await page.reload();
  await widget.ask("After");

  expect((await parley.question(1)).text).toBe("After");
  expect(await widget.state.count()).toBe(0);
  expect(here.errors).toEqual([]);
});

test("a question too many waits, says for how long, and goes out by itself", async () => {
  const here = await scene();
  const { parley, widget } = here;
  await openPanel(here);
  parley.limitNext(1500);
  await widget.ask("Too fast");
  await widget.state.getByText(/Too many questions at once. Sent again in \d s/).waitFor();

  expect((await parley.question(0)).text).toBe("Too fast");
  expect(await widget.state.count()).toBe(0);
});

test("offline is said in one line, and coming back needs no click", async () => {
  const here = await scene();
  const { page, parley, widget } = here;
  await openPanel(here);
  await page.context().setOffline(true);
  await widget.state.getByText("You're offline.").waitFor();
  await widget.ask("Written offline");
  await page.context().setOffline(false);

  expect((await parley.question(0)).text).toBe("Written offline");
});

test("two tabs of one visitor show the same conversation", async () => {
  const here = await scene();
  const { parley } = here;
  await openPanel(here);
  await here.widget.ask("Question");
  const question = await parley.question(0);
  question.say("The answer.");
  question.finish();
  const other = await openTab(here);

  await other.widget.answers.getByText("The answer.").waitFor();
  expect(parley.sessions.size).toBe(1);
});
