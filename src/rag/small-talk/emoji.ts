/** Emoji and emoticons: what somebody means who writes nothing else. */
import type { SmallTalkKind } from "../../domain/small-talk.ts";

const EMOTICONS =
  /(?<![\p{L}\p{N}])(?:[:;=8xX]['’]?-?[()[\]DPpOo3/\\|*]+|<3+|\^_?\^|[oO]_[oO]|-_+-|¯\\_\(ツ\)_\/¯)(?![\p{L}\p{N}])/gu;
const PICTURES =
  /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|[\u200d\ufe0f\u20e3])+/gu;

const MEANS: [RegExp, SmallTalkKind][] = [
  [/👎|😠|😡|🤬|💩|🖕|😤|👿|😞|😒|🙄|😢|😭|😩|😫|☹|🙁|😕|😟|💔|[:=]['’]?-?[([/\\]|-_+-/u, "upset"],
  [/🙏|❤|💙|💚|💛|🧡|💜|🖤|🤍|💐|🌹|😘|🥰|😍|🤗|💖|💕|<3/u, "thanks"],
  [/👋/u, "greeting"],
  [/❓|❔|🤔|🤷|😶|😐|😳|🧐|[oO]_[oO]|ツ/u, "unclear"],
  [
    /👍|👌|✅|✔|🆗|💯|👏|🙌|💪|🎉|🤝|😀|😃|😄|😁|😆|😅|😂|🤣|🙂|😊|😉|😎|🥳|😇|☺|✌|🤩|⭐|🔥|[:;=8xX]-?[)\]DPp3]|\^_?\^/u,
    "ok",
  ],
];

export function withoutPictures(text: string): string {
  return text.replace(PICTURES, " ").replace(EMOTICONS, " ");
}

/** Of a text without letters and digits: what its first known sign says, or that nothing can be made of it. */
export function moodOf(text: string): SmallTalkKind {
  return MEANS.find(([signs]) => signs.test(text))?.[1] ?? "unclear";
}
