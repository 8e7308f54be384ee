/** What only a conversation with an answer in it needs; a chunk of its own, loaded with the first one. */
export { Announcer } from "./announcer.ts";
export { AssistantMessage } from "./assistant-message.ts";
export { answerSheet } from "./sheet.ts";
