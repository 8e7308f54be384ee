import { z } from "zod";
import { CREDENTIAL_KINDS, headerProblem, isHeaderValue } from "../../domain/credential.ts";
import { exactText, keyText, linesText, lineText } from "../text.ts";
import { isoTime, pageOf, pageQuery } from "./common.ts";

const secretText = exactText()
  .min(1, "Enter the secret.")
  .max(8_000)
  .refine(isHeaderValue, "A secret has no line breaks and no signs beyond Latin letters. Copy it again.");
/** A user name ends where its colon is, as RFC 7617 has it. */
const username = lineText(200).refine((text) => !text.includes(":"), "A user name has no colon.");
const header = lineText(100).superRefine((name, context) => {
  const problem = headerProblem(name);
  if (problem) context.addIssue({ code: "custom", message: problem });
});
const tokenUrl = linesText(2_000)
  .trim()
  .min(1, "Enter the address where tokens are fetched.")
  .describe("where tokens are fetched");
const host = lineText(300)
  .regex(/^(\[[^\]]+\]|[^\s:/@[\]]+):\d{1,5}$/, "Write host:port.")
  .overwrite((text) => text.toLowerCase());

const common = {
  name: lineText(100),
  hosts: z.array(host).max(20).default([]).describe("host:port, the only ones it is sent to; any when empty"),
};

export const createCredentialSchema = z.discriminatedUnion("kind", [
  z.strictObject({ ...common, kind: z.literal("bearer"), token: keyText(8_000) }),
  z.strictObject({ ...common, kind: z.literal("basic"), username, password: exactText().max(1_000) }),
  z.strictObject({ ...common, kind: z.literal("header"), header, value: secretText }),
  z.strictObject({
    ...common,
    kind: z.literal("oauth2"),
    ...{ tokenUrl, clientId: lineText(500), clientSecret: secretText },
    scope: lineText(1_000).nullable().default(null),
  }),
]);

/** What is left out stays, the secret too. A field that its kind does not have is refused. */
export const updateCredentialSchema = z
  .strictObject({
    ...{ name: common.name, hosts: z.array(host).max(20) },
    ...{ username, header, tokenUrl, clientId: lineText(500), scope: lineText(1_000).nullable() },
    ...{
      token: keyText(8_000),
      password: exactText().max(1_000),
      value: secretText,
      clientSecret: secretText,
    },
  })
  .partial();

export const credentialSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  kind: z.enum(CREDENTIAL_KINDS),
  hosts: z.array(z.string()),
  username: z.string().optional(),
  header: z.string().optional(),
  tokenUrl: z.string().optional(),
  clientId: z.string().optional(),
  scope: z.string().nullable().optional(),
  secret: z.strictObject({ set: z.boolean() }),
  /** Why the stored secret cannot be used; null when it can. */
  secretProblem: z.string().nullable(),
  /** Tools that show it to an API, and MCP servers that are shown it. While there are any, it is not deleted. */
  usedBy: z.array(z.strictObject({ id: z.string(), label: z.string() })),
  createdAt: isoTime,
  updatedAt: isoTime,
});
export const credentialPageSchema = pageOf(credentialSchema);
export const listCredentialsQuery = z.strictObject(pageQuery);

export type CredentialPage = z.output<typeof credentialPageSchema>;
export type CredentialView = z.output<typeof credentialSchema>;
export type NewCredentialBody = z.output<typeof createCredentialSchema>;
export type CredentialChangesBody = z.output<typeof updateCredentialSchema>;
