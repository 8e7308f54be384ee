/** The kinds of text that enter. Every schema of what is sent is made of these, so that each is checked here. */
import { z } from "zod";
import { asLine, mended, textProblem } from "../domain/text.ts";

const KEY = /^[\x21-\x7e]*$/;

/** What is kept just as it was sent, such as a password. */
export function exactText() {
  return z.string().superRefine((text, context) => {
    const problem = textProblem(text);
    if (problem) context.addIssue({ code: "custom", message: problem });
  });
}

/** A name, a title: one line. Empty only when `least` is 0. */
export function lineText(most: number, least = 1) {
  return exactText()
    .overwrite(asLine)
    .min(least, "Enter something that can be seen.")
    .max(most, `Enter at most ${most.toLocaleString("en")} characters.`);
}

/** Several lines, with the spaces around them. */
export function linesText(most: number) {
  return exactText()
    .overwrite((text) => text.normalize("NFC"))
    .max(most, `Enter at most ${most.toLocaleString("en")} characters.`);
}

/** What is looked for, or said by a page of itself: nothing in it is a reason to refuse it. */
export function looseText(most: number) {
  return z.string().max(most).overwrite(mended);
}

/** What a visitor writes: every character as it was sent, but for control characters; half characters are refused. */
export function spokenText(most: number) {
  return z
    .string()
    .refine((text) => text.isWellFormed(), "It ends or begins with half of a character. Enter it again.")
    .overwrite(mended)
    .max(most);
}

/** A key or token: goes into a header, so it is what a header may hold. */
export function keyText(most: number) {
  return z
    .string()
    .trim()
    .min(1, "Enter the key.")
    .max(most)
    .regex(KEY, "A key has letters, digits and signs, without spaces. Copy it again.");
}

/** The address of a server. `URL` would drop tabulators and line breaks, and take a backslash for a slash. */
export function addressText(most: number) {
  return z
    .string()
    .trim()
    .max(most)
    .refine((text) => !/[\p{Cc}\s\\]/u.test(text) && text.isWellFormed(), {
      message: "An address has no spaces, backslashes or control characters. Copy it again.",
      abort: true,
    })
    .pipe(z.url("Enter a whole address, such as https://llm.example/v1."));
}
