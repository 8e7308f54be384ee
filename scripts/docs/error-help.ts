/** What each error code means and what helps, for people. `Record` makes a forgotten code a type error. */
import type { DocumentErrorCode, ErrorCode, StartErrorCode } from "../../src/errors.ts";

export const START_HELP: Record<StartErrorCode, string> = {
  USAGE: "The command line has an unknown word or flag. `parley --help` lists them all.",
  CONFIG_INVALID:
    "A setting has a value it cannot have, or the settings file is missing or is not TOML. The sentence names the setting.",
  DATA_DIR_NOT_WRITABLE:
    "The data directory, or something in it, cannot be written. Give it to the user that runs Parley, or name another one with `--data`.",
  DATA_DIR_LOCKED:
    "Another Parley runs on this data directory. Stop it, or start this one with another `--data`.",
  DB_MISSING:
    "`parley.db` is missing, empty or was never set up, but the folder holds what belongs to one: uploaded files, a backup or a write-ahead log. Put the database back, or move the rest away to begin anew. Nothing was changed.",
  DB_CORRUPT:
    "`parley.db` is damaged or belongs to another program. Nothing was changed. Put back a copy of the data directory.",
  SCHEMA_TOO_NEW:
    "A newer Parley has written this database. Start that version or a later one, or put back the copy from before the upgrade.",
  KEY_MISSING:
    "The database exists, its key does not. Put `secret.key` back, or give the key as `PARLEY_SECRET_KEY`. No new key is made.",
  KEY_INVALID: "The key is not the 32 bytes in base64 that this database was sealed with. Use the right one.",
  PORT_IN_USE: "Another program listens on the port. Stop it, or choose another `--port`.",
  PORT_NOT_ALLOWED: "The user may not listen on this port. Use one above 1023, or a proxy in front.",
  EGRESS_BROKEN:
    "At the start, the test of what Parley may call showed that something is not refused. Install an unaltered Parley.",
  TLS_INVALID: "The certificate or its key cannot be read, or they do not belong together.",
};

export const DOCUMENT_HELP: Record<DocumentErrorCode, { means: string; helps: string }> = {
  UNSUPPORTED_TYPE: {
    means: "The content is of a kind that Parley does not read.",
    helps: "Save it in one of the formats above.",
  },
  TYPE_MISMATCH: {
    means: "The name promises one format, the content is another.",
    helps: "Open the file in the program it was made with and save it in the format its name says.",
  },
  EMPTY_DOCUMENT: {
    means: "The file is empty, or there is no text in it.",
    helps: "Check that it was saved with its content.",
  },
  ENCRYPTED: {
    means: "The file is protected with a password.",
    helps: "Save it without a password.",
  },
  NO_TEXT_LAYER: {
    means: "The pages of the PDF are pictures, as from a scanner.",
    helps: "Run text recognition over it, or export the original as PDF.",
  },
  UNREADABLE_TEXT: {
    means:
      "The file has characters, but they make no words: an unknown encoding, or fonts that do not say their letters.",
    helps: "Save it as UTF-8, or make the PDF anew from the original; else run text recognition over it.",
  },
  MALFORMED_DOCUMENT: {
    means: "The file is damaged, or does not keep to its format.",
    helps: "Open it in the program it was made with and save it again.",
  },
  XML_DTD_FORBIDDEN: {
    means: "The document's XML declares entities, which Office programs never do and attackers like to.",
    helps: "Save it again in a word processor; if it came from elsewhere, ask who made it.",
  },
  PARSE_TIMEOUT: {
    means: "Reading took longer than one document may take.",
    helps: "Split it into smaller files.",
  },
  RESOURCE_LIMIT: {
    means: "The file is larger, or needs more memory, than one document may, or there are too many sources.",
    helps: "Split it into smaller files, or delete sources that are not needed.",
  },
  PARSER_CRASHED: {
    means: "The reader stopped in the middle of the file. Parley tries three times.",
    helps: "Choose “Read again”. If it fails again, save the file anew or as PDF.",
  },
  POISON: {
    means: "Reading failed three times for reasons of the server's, so the file is left alone.",
    helps: "Look into the log, then choose “Read again”, or save the file anew or as PDF.",
  },
};

export const CALL_HELP: Record<Exclude<ErrorCode, StartErrorCode | DocumentErrorCode>, string> = {
  VALIDATION:
    "A field is missing, unknown or out of bounds. `details.fields` names it where one field is at fault.",
  UNAUTHENTICATED: "Nobody is signed in, the session is over, or e-mail and password do not belong together.",
  SETUP_TOKEN_REQUIRED: "Setup from another machine needs the token that Parley printed at its start.",
  TOKEN_INVALID: "A token is malformed, expired or was used before.",
  IDENTITY_INVALID:
    "The page says who its visitor is with a token that is not signed with the tenant's secret, has expired, or has a claim that is not what it has to be. The sentence says which.",
  SCOPE: "The API key opens other things. Make one with the scope that the message names.",
  FORBIDDEN: "The caller's role or rights do not cover this.",
  CSRF: "The call does not come from Parley's own page. Open Parley by this machine's name or address, or set `public-url`.",
  ORIGIN_NOT_ALLOWED: "The calling page is not among the tenant's allowed pages.",
  NOT_FOUND: "There is no such thing, or it belongs to somebody else; the answer is the same.",
  CONFLICT: "Something changed in between, or is there already. Load it again and retry.",
  ALREADY_INITIALISED: "Setup is done. Sign in instead.",
  TURN_RUNNING: "The session's previous answer is still being written. Wait for it, or stop it.",
  PAYLOAD_TOO_LARGE: "A body, file or message is larger than it may be.",
  UNSUPPORTED_MEDIA_TYPE:
    "The content type is not the one this call takes; for a logo, it is no PNG, JPEG or WebP.",
  UNSAFE_INPUT: "The input would make something unsafe happen, so it was refused whole.",
  UNSAFE_URL:
    "Parley never calls this address: link-local, cloud metadata, multicast, or Parley itself; or one that is written to look like another, that leads into this network and out of it at once, or to which an API sends Parley on although it must not.",
  UNSAFE_ARCHIVE: "A ZIP file holds names that lead out of its folder, or one name twice.",
  CREDENTIAL_REENTRY_REQUIRED:
    "The provider's address changed, and a stored key is never sent to a new address. Enter the key again.",
  CREDENTIAL_UNDECRYPTABLE: "A stored key cannot be opened with the present `secret.key`. Enter it again.",
  RATE_LIMITED: "Too many calls of this kind. `Retry-After` says when to come back.",
  OVERLOADED: "The server does as much as it can. Come back after `Retry-After`.",
  STORAGE_FULL: "The server's disk is full. What was written before is safe; free some space.",
  STORAGE_UNAVAILABLE:
    "The server cannot read or write its data: rights were taken away, a disk became read-only or fails. The log has the reason; nothing needs a restart.",
  PROVIDER_RATE_LIMITED: "The model's provider wants fewer calls. Wait, or raise the limit there.",
  PROVIDER_UNAVAILABLE: "The model's provider cannot be reached, or failed.",
  PROVIDER_TIMEOUT: "The model's provider did not answer in time, or the answer took over two minutes.",
  PROVIDER_REJECTED: "The provider refused the request: usually a wrong key or a setting it does not take.",
  PROVIDER_NO_ANSWER:
    "The model's reply had no text: it thought until its tokens were used up, a filter took the text, or it ended at once. The sentence says which.",
  MODEL_NOT_AVAILABLE:
    "The provider has no model of this name, or has not loaded it; or a model in the data directory is incomplete or altered.",
  MODEL_INVALID:
    "The uploaded model does not work: the message says what is wrong in its files. Make the ZIP again.",
  UPSTREAM_BAD_RESPONSE: "The provider answered with something that is no answer of its API.",
  UNKNOWN_TOOL:
    "The model asked for a tool that it was not offered. It was told so; the answer's trace has the call.",
  TOOL_CHANGED:
    "An MCP server says something else of the tool than an admin allowed. It is used again once an admin has looked at it.",
  TOOL_FAILED: "A tool failed or was stopped. The model was told so; the answer's trace has the call.",
  UNKNOWN_PLACEHOLDER:
    "An address, header or body of a tool names something in braces that is none of its parameters. Declare it, or correct the name.",
  INVALID_ARGUMENT: "A value does not fit its parameter. `details` names each with what is wrong.",
  UNSAFE_QUERY:
    "A query is no single statement that only reads, or one of a model has what it may not have. The sentence says what is in the way.",
  UNSAFE_PIPELINE:
    "A MongoDB query has a stage or an operator that Parley does not run. The sentence says which, and where.",
  TOOL_FORBIDDEN:
    "The database or API does not let Parley's role do this, or a model asked for a table that is not open to it.",
  TOOL_REQUIRES_IDENTITY: "The tool is bound to who the visitor is, and the page did not say who that is.",
  TOOL_LIMIT: "One answer may take five rounds, ten calls and 60 seconds of tools, and these are used up.",
  RESPONSE_TOO_LARGE: "The API's answer is larger than 256 kB. Ask it for less, or for fewer fields.",
  TOOL_UNAVAILABLE: "The database or API cannot be reached now.",
  TOOL_TIMEOUT: "The API did not answer in time.",
  QUERY_TIMEOUT: "The database took longer than five seconds. Narrow the query, or add an index there.",
  CONFIRMATION_MISMATCH:
    "What was confirmed is not what waits for a confirmation: it was changed, answered before, or has expired.",
  HOST_NOT_FOUND: "No name server knows the host. Check its spelling.",
  CONNECTION_REFUSED: "Nothing listens at this host and port, or a firewall turns Parley away.",
  CONNECTION_TIMEOUT: "The host did not answer within five seconds.",
  TLS_FAILED:
    "The encrypted connection could not be made. The sentence says whether the certificate is at fault.",
  AUTHENTICATION_FAILED: "The server does not accept this user name and password.",
  DATABASE_NOT_FOUND: "The server has no database of this name.",
  SERVER_TOO_OLD: "The server is older than the oldest version that Parley works with.",
  CREDENTIAL_NOT_READONLY:
    "The role can do more than read. Make one that can only read; the connection's page has the commands.",
  EGRESS_DENIED:
    "Parley may not call this address: `--offline`, `--restrict-egress`, a network that `--egress-allow` does not expect, a redirect that is not followed, or another host than the one entered. The message names the missing entry.",
  TOO_MANY_REDIRECTS: "An API sends Parley on more than three times. Enter the final address.",
  INTERNAL: "A fault in Parley. The log has it under the answer's `requestId`.",
};
