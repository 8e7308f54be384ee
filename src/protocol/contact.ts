/** How visitors reach a person: a mail address, a link, or a line of text such as a room or a number. */

export const LONGEST_CONTACT = 200;

const LINK = /^(https?:\/\/|mailto:|tel:)\S+$/i;
/** A link of another kind, as opposed to "Extension:4711". */
const OTHER_LINK = /^((?!https?:)[a-z][a-z0-9+.-]*:\/\/|javascript:|data:|file:|vbscript:|blob:)/i;
const MAIL = /^[^\s@<>()[\]\\,;:"]+@[^\s@<>()[\]\\,;:"]+\.[^\s@.]{2,}$/;

/** Why it would be refused, in words that say how to fix it; null when it is fine. Empty means none. */
export function contactProblem(contact: string): string | null {
  const text = contact.trim();
  if (text.length > LONGEST_CONTACT) return `Enter at most ${LONGEST_CONTACT} characters.`;
  if (/\s/.test(text) || text === "") return null;
  if (OTHER_LINK.test(text)) return "A link begins with https://, http://, mailto: or tel:.";
  if (/^https?:/i.test(text) && !isAddress(text))
    return "Enter a whole link, such as https://intranet.example/help.";
  const mail = text.replace(/^mailto:/i, "");
  if (!LINK.test(mail) && mail.includes("@") && !MAIL.test(mail))
    return "Enter a whole mail address, such as hr@acme.example.";
  return null;
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && new URL(text).hostname !== "" && LINK.test(text);
}
