/** More answers at once than the runtime lets requests run at once by itself. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { clientId, openVisitor } from "../helpers/visitor-client.ts";

/** Above the 256 of a Bun that nobody told otherwise. */
const VISITORS = 300;

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;

beforeAll(async () => {
  [parley, provider] = await Promise.all([startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
  await owner.send("PUT", "/api/admin/llm/config", {
    provider: "openai",
    baseUrl: provider.url("openai"),
    model: "scripted-small",
  });
});
afterAll(async () => {
  await parley.remove();
  await provider.close();
});

describe("many visitors at once", () => {
  test(`the model is asked for all of ${VISITORS} answers while none of them has come`, async () => {
    const gate = Promise.withResolvers<void>();
    provider.answer({ text: "26 weeks [1].", headersGate: gate.promise });
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    const sockets = await Promise.all(
      Array.from({ length: VISITORS }, async () => (await openVisitor(parley, embedKey)).connect()),
    );

    for (const socket of sockets)
      socket.send({ type: "message", id: clientId(), text: "How long is parental leave?" });
    await provider.request(VISITORS - 1);
    gate.resolve();

    const answers = await Promise.all(sockets.map((socket) => socket.next("done")));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(["complete"]));
    await Promise.all(sockets.map((socket) => socket.close()));
  });
});
