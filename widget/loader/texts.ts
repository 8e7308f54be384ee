const UNREACHABLE: Record<string, string> = {
  en: "The chat can't be reached right now. Try again in a moment.",
  de: "Der Chat ist gerade nicht erreichbar. Versuchen Sie es gleich noch einmal.",
  fr: "Le chat est injoignable pour le moment. Réessayez dans un instant.",
  es: "No se puede acceder al chat ahora mismo. Inténtelo de nuevo en un momento.",
  ar: "لا يمكن الوصول إلى الدردشة الآن. حاول مرة أخرى بعد قليل.",
};

/** The one sentence the loader says by itself, when the panel did not come. */
export function unreachableText(locale: string): string {
  return UNREACHABLE[locale.slice(0, 2).toLowerCase()] ?? (UNREACHABLE.en as string);
}
