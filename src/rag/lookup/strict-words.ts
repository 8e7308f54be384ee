/**
 * Words that turn a question into another one, however small they are: who asks "not in Berlin" must not be told of
 * Berlin. A look-up runs only where its own label or examples say them, too. All are folded.
 */
const STRICT_WORDS = new Set(
  `not no never without except excluding besides other than nor neither none less fewer more most least over under
   above below between before after since until till by ago last next first previous average mean median sum total
   max min maximum minimum highest lowest largest smallest cheapest biggest newest oldest best worst all every each
   per both only or versus vs compare compared change changed difference growth trend why
   second minute minutes hour hours day days week weeks month months quarter quarters year years weekend
   nicht kein keine keinen keiner keinem nie niemals ohne ausser weder weniger mehr meisten wenigsten uber unter
   zwischen vor nach seit bis her letzte letzten letzter letztes nachste nachsten nachster vorige vorigen erste ersten
   durchschnitt durchschnittlich summe insgesamt gesamt maximal minimal hochste hochsten niedrigste grosste grossten
   kleinste billigste teuerste neueste alteste alle allen jede jeder jedes jeden pro nur oder statt vergleich warum
   wieso weshalb minute minuten stunde stunden tag tage tagen woche wochen monat monate monaten quartal jahr jahre jahren
   wochenende
   pas aucun aucune jamais sauf hors ni moins plus entre avant apres depuis jusqu jusque dernier derniere derniers
   dernieres prochain prochaine premier premiere moyenne somme totale maximum minimum tous toutes toute tout chaque
   seulement uniquement contre pourquoi minute minutes heure heures jour jours semaine semaines mois trimestre an ans
   annee annees
   ningun ninguna ninguno nunca jamas sin excepto salvo menos mas entre antes despues desde hasta ultimo ultima ultimos
   ultimas proximo proxima primero primera promedio media suma maximo minimo todos todas cada solo solamente
   minuto minutos hora horas dia dias semana semanas mes meses trimestre ano anos
   non nessun nessuno nessuna mai senza tranne eccetto meno piu tra fra prima dopo dal fino ultimo ultima ultimi ultime
   prossimo prossima primo medio somma totale massimo minimo tutti tutte ogni solo soltanto perche minuti ora ore
   giorno giorni settimana settimane mese mesi anno anni
   nenhum nenhuma nunca sem exceto menos mais entre antes depois desde ate ultimo ultima proximo proxima primeiro
   soma maximo minimo todos todas cada apenas somente minutos hora horas dia dias semana semanas mes meses ano anos
   niet geen nooit zonder behalve minder meer meeste minste boven onder tussen voor na sinds tot vorige volgende
   laatste eerste gemiddeld gemiddelde som totaal hoogste laagste grootste kleinste alle elke ieder iedere alleen
   waarom minuut minuten uur uren dag dagen week weken maand maanden kwartaal jaar jaren
   не нет без кроме никогда ни меньше больше более менее свыше между до после с прошлый прошлом следующий следующем
   последний последние первый средний среднее сумма всего максимум минимум все каждый только или почему минут час часов
   день дня дней неделя недели месяц месяца месяцев квартал год года лет
   لا ليس ليست بدون غير عدا اكثر اقل اعلى ادنى بين قبل بعد منذ حتى الماضي الماضية القادم القادمة اخر اول متوسط مجموع
   كل جميع فقط لماذا يوم ايام اسبوع اسابيع شهر اشهر سنة سنوات ساعة ساعات`.split(/\s+/),
);

/** What points at something that the question does not name, by language: "my city" is one, and not said. */
const POINTING: Record<string, string> = {
  eng: "my mine his her hers their theirs this these those same other another",
  deu: "mein meine meinem meinen meiner meines sein seine ihre ihren dieser diese dieses diesem diesen selbe anderen andere",
  fra: "mon ma mes son sa ses leur leurs ce cet cette ces meme autre autres",
  spa: "mi mis su sus este esta estos estas ese esa mismo misma otro otra",
  ita: "mio mia miei mie suo sua questo questa stesso stessa altro altra",
  por: "meu minha meus minhas seu sua este esta esse essa mesmo mesma outro outra",
  nld: "mijn haar hun deze dezelfde andere",
  rus: "мои моя мое моих его ее их этот эта это эти другои",
  arb: "هذا هذه نفس",
};
const POINTING_WORDS = new Set(
  Object.entries(POINTING).flatMap(([language, words]) =>
    words.split(" ").map((word) => `${language} ${word}`),
  ),
);

export function isPointing(folded: string, languages: readonly string[]): boolean {
  return languages.some((language) => POINTING_WORDS.has(`${language} ${folded}`));
}

/** What a question word asks for, by language, for those that ask for one thing only. */
const ASKED: Record<string, Record<"who" | "when" | "where", string>> = {
  eng: { who: "who whom whose", when: "when", where: "where" },
  deu: { who: "wer wem wen wessen", when: "wann", where: "wo wohin woher" },
  fra: { who: "qui", when: "quand", where: "où" },
  spa: { who: "quien quienes", when: "cuando", where: "donde" },
  ita: { who: "chi", when: "quando", where: "dove" },
  por: { who: "quem", when: "quando", where: "onde" },
  nld: { who: "wie wiens", when: "wanneer", where: "waar" },
  rus: { who: "кто кого кому", when: "когда", where: "где" },
  arb: { who: "", when: "متى", where: "اين" },
};
const ASKED_BY_WORD = new Map(
  Object.entries(ASKED).flatMap(([language, kinds]) =>
    Object.entries(kinds).flatMap(([kind, words]) =>
      words.split(" ").map((word) => [`${language} ${word}`, kind] as const),
    ),
  ),
);

/**
 * What is asked for by this word: who ordered something is not where the order is. Null for a word that asks for
 * anything, or for nothing.
 */
export function askedBy(word: { text: string; folded: string }, languages: readonly string[]): string | null {
  for (const language of languages) {
    const kind =
      ASKED_BY_WORD.get(`${language} ${word.text.toLowerCase()}`) ??
      ASKED_BY_WORD.get(`${language} ${word.folded}`);
    if (kind !== undefined) return kind;
  }
  return null;
}

/** In scripts without spaces, as they stand in the question. */
const STRICT_PHRASES =
  /不|没|沒|无|無|除了|以外|之外|超过|超過|以上|以下|少于|少於|多于|多於|最|平均|总|總|合计|合計|每|所有|全部|之前|以前|之后|之後|以后|上个|上個|下个|下個|去年|明年|还是|為什麼|为什么|ない|以外|未満|より|平均|合計|全て|すべて|毎|前の|次の|先月|来月|先週|来週|昨年|来年|なぜ|または/u;

/** What asks how many there are. */
const COUNTING =
  /how many|how much|number of|(?:are|is) there|do we have|wie viele?|anzahl|gibt es|haben wir|combien|nombre de|y a[- ]t[- ]il|avons[- ]nous|cu[aá]nt[oa]s?|n[uú]mero de|\bhay\b|tenemos|quant[iaeo]s?\b|ci sono|c'è|abbiamo|existem|temos|hoeveel|zijn er|hebben we|сколько|количество|كم|عدد|多少|几|いくつ|何/iu;

/**
 * What people say around what they ask. With small words, all that may stand in a question without being known to the
 * look-up that answers it.
 */
const FILLERS = new Set(
  `please pls r u kindly hello hi hey thanks thank tell show give find look lookup check know see list say let us our ours
   there here now currently today's just exactly still left got get need want like would could can you have many much
   current present moment right quick quickly question wondering
   bitte hallo hi danke sag sagen sagt zeig zeige zeigen gib nenn nenne finde finden schau prufe prufen wissen weiss
   uns unser unsere unseren unserem da hier jetzt derzeit aktuell momentan gerade genau noch mal einmal brauche mochte
   hatte konnte konnten wurde gibt es sind viele viel gab gaben kamen kommen hatten waren ist
   bonjour salut merci dis dites montre montrez donne donnez trouve trouver voir verifier savoir svp plait notre nos
   la ici maintenant actuellement encore juste exactement besoin voudrais veux pouvez peux avons reste restent
   hola buenas gracias favor dime diga muestra muestrame dame encuentra buscar ver saber nuestro nuestra nuestros
   aqui ahora actualmente todavia aun exactamente necesito quiero quisiera podria puedes tenemos quedan queda hay hubo habia
   ciao salve grazie favore dimmi mostra mostrami dammi trova cercare vedere sapere nostro nostra qui adesso ora
   attualmente ancora esattamente vorrei voglio puoi abbiamo ci sono stati erano
   ola obrigado obrigada favor diga mostre encontre ver saber nosso nossa aqui agora atualmente ainda exatamente
   quero gostaria pode temos existem ha houve havia
   hallo dank alsjeblieft alstublieft zeg toon geef zoek kijk weten onze ons hier nu momenteel nog even precies graag
   wil zou kun kunt hebben er zijn waren kwamen
   пожалуйста привет здравствуйте спасибо скажи скажите покажи покажите дай найди найти узнать у нас нам здесь сейчас
   теперь еще точно нужно хочу имеется есть было были
   مرحبا شكرا رجاء فضلك اخبرني اعرض اعطني ابحث اريد هنا الان حاليا لدينا يوجد هناك`.split(/\s+/),
);

export function isStrict(folded: string): boolean {
  return STRICT_WORDS.has(folded);
}

export function hasStrictPhrase(text: string): boolean {
  return STRICT_PHRASES.test(text);
}

export function isCounting(text: string): boolean {
  return COUNTING.test(text);
}

export function isFiller(folded: string): boolean {
  return FILLERS.has(folded);
}
