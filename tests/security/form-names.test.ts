/** Forms as browsers, .NET, old programs and strangers write them, at every endpoint that takes files. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Endpoint } from "../../src/http/endpoint.ts";
import { isUpload } from "../../src/http/endpoint.ts";
import { ENDPOINTS } from "../../src/http/server.ts";
import type { SourceView } from "../../src/protocol/admin-api/knowledge.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { examplePath } from "../helpers/endpoint-examples.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
});
afterAll(() => parley.remove());

const UPLOADS = ENDPOINTS.filter(({ body }) => body && isUpload(body));
const KNOWLEDGE = UPLOADS.find(({ path }) => path.endsWith("/knowledge/upload")) as Endpoint;
let sent = 0;

type PartOf = { head: string | Uint8Array; content?: string };

/** Parts with these headers, each with a content that was not there before. */
async function send(endpoint: Endpoint, ...parts: PartOf[]) {
  const body = parts.flatMap(({ head, content = `This is file ${++sent} of the form.` }) => [
    "--x\r\n",
    head,
    `\r\n\r\n${content}\r\n`,
  ]);
  const answer = await fetch(`${parley.url}${examplePath(endpoint)}`, {
    method: endpoint.method,
    headers: {
      ...{ origin: parley.url, cookie: owner.cookie ?? "" },
      "content-type": 'multipart/form-data; boundary="x"',
    },
    body: Buffer.concat([...body, "--x--\r\n"].map((piece) => Buffer.from(piece))),
  });
  return {
    status: answer.status,
    body: (await answer.json()) as {
      items?: SourceView[];
      error?: { code: string; message: string; requestId: string };
    },
  };
}

const disposition = (parameters: string) => `Content-Disposition: form-data; ${parameters}`;

const EACH_UPLOAD = UPLOADS.map((endpoint) => [endpoint.path, endpoint] as const);

test.each(EACH_UPLOAD)("%s says that no file was chosen when the form has none", async (_path, endpoint) => {
  const head = `${disposition('name="file"; filename=""')}\r\nContent-Type: application/octet-stream`;
  const answer = await expectNothingPersisted(parley, () => send(endpoint, { head, content: "" }));

  expect(answer).toMatchObject({
    status: 400,
    body: { error: { code: "VALIDATION", message: expect.stringContaining("No file was chosen") } },
  });
});

describe.each(EACH_UPLOAD)("%s", (_path, endpoint) => {
  test.each([
    'name="file"; filename="a\0b.txt"',
    `name="file"; filename="${"n".repeat(10_000)}.txt"`,
    'name="file"; filename="\u202etxt.exe"',
    "name=\"file\"; filename*=UTF-8''%00%ff",
    "name=\"file\"; filename*=UTF-8''%ed%a0%80.txt",
    "name=\"file\"; filename*=x-unknown''a.txt",
    'name="fi\0le"; filename="a.txt"',
    'filename="a.txt"',
    'name="file"; filename="a',
    'name="file"; filename',
    `name="${"x".repeat(20_000)}"; filename="a"`,
    "",
  ])("has a reason for what it refuses of %j", async (parameters) => {
    const { status, body } = await send(endpoint, { head: disposition(parameters) });

    if (status !== 202) expect([400, 415, 422]).toContain(status);
    if (status !== 202)
      expect(body.error).toMatchObject({ message: expect.stringMatching(/^\p{Lu}.*[.!]/u) });
  });
});

describe("the name of a document is what its sender meant", () => {
  test.each<[string, string | Uint8Array, string]>([
    ["a browser", disposition('name="file"; filename="Ä & Ö.txt"'), "Ä & Ö.txt"],
    ["a browser, with a quotation mark", disposition('name="file"; filename="a%22b.txt"'), 'a"b.txt'],
    ["a program, with a quotation mark", disposition('name="file"; filename="a\\"b.txt"'), 'a"b.txt'],
    [
      "a program, with filename* alone",
      disposition("name=\"file\"; filename*=UTF-8''na%C3%AFve.txt"),
      "naïve.txt",
    ],
    [
      "a program, in Latin 1",
      disposition("name=\"file\"; filename*=iso-8859-1'de'Gr%FC%DFe.txt"),
      "Grüße.txt",
    ],
    [
      "one that is older than UTF-8",
      Buffer.from(disposition('name="file"; filename="Gr\xfc\xdfe 2.txt"'), "latin1"),
      "Grüße 2.txt",
    ],
    [".NET", disposition("name=file; filename=plan.txt; filename*=utf-8''plan.txt"), "plan.txt"],
    [
      ".NET, with a letter that is not ASCII",
      disposition("name=file; filename=\"=?utf-8?B?w6QudHh0?=\"; filename*=utf-8''%C3%A4.txt"),
      "ä.txt",
    ],
    ["one with the name last", disposition('filename="last.txt"; name="file"'), "last.txt"],
    ["one with its own letters", 'CONTENT-DISPOSITION: Form-Data; NAME="file"; FileName=x.txt', "x.txt"],
    [
      "Windows, with the folder",
      disposition('name="file"; filename="C:\\Users\\ada\\notes.txt"'),
      "notes.txt",
    ],
  ])("of %s", async (_who, head, filename) => {
    expect(await send(KNOWLEDGE, { head })).toMatchObject({ status: 202, body: { items: [{ filename }] } });
  });

  test("with an empty input beside it, which is passed over", async () => {
    const answer = await send(
      KNOWLEDGE,
      { head: disposition('name="file"; filename=""'), content: "" },
      { head: disposition('name="file"; filename="one.txt"') },
    );
    expect(answer).toMatchObject({ status: 202, body: { items: [{ filename: "one.txt" }] } });
    expect(answer.body.items).toHaveLength(1);
  });
});

test.each(["/assets/", "/logos/", "/assets/a/"])(
  "%s with a name of any length has nothing there",
  async (folder) => {
    for (const length of [1, 199, 254, 255, 256, 300, 4_096, 8_000]) {
      const { status } = await fetch(`${parley.url}${folder}${"a".repeat(length)}`);
      expect([length, status]).toEqual([length, 404]);
    }
  },
);
