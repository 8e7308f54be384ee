import type { TalkLanguage } from "../language.ts";

export const nld: TalkLanguage = {
  code: "nld",
  short: "nl",
  slots: {
    person:
      "(een|n|de|het)? (echt|echte|ander|andere)? (mens|persoon|medewerker|medewerkster|collega|agent|adviseur|menselijke medewerker|contactpersoon)|iemand (anders|echt|echts)?|(de)? (klantenservice|support|servicedesk)",
    want: "ik (wil|zou|moet|wens|wou) (graag|liever|even|nu)?|(kan|mag|kunnen) (ik|we|wij) (alsjeblieft|aub|even|ook|hier)?|ik wil|is het mogelijk om|ik heb liever",
    talk: "spreken|praten|chatten|bellen|in contact komen|contact opnemen|verbonden worden|doorverbonden worden|willen spreken|willen praten",
    very: "zo|heel|erg|echt|totaal|volledig|helemaal|zeer|wel|ook|maar|gewoon|nogal|verdomd",
    rude: "dom|stom|nutteloos|waardeloos|zinloos|slecht|idioot|een idioot|belachelijk|verschrikkelijk|vreselijk|onzin|rotzooi|shit|kut|klote|ruk|bagger|een grap|irritant|onbruikbaar|hopeloos|niks waard|achterlijk|debiel|tijdverspilling|niet behulpzaam|nergens goed voor|kak|zielig",
  },
  beside: [
    "alsjeblieft|alstublieft|aub|ajb|asjeblieft|a u b|graag|nu|dan|dus|maar|toch|ook|weer|nog|even|hoor|he|hè|eh|ah|oh|uh|uhm|hm|nou|zeg|jij|je|u|jou|jullie|daar|hier|vandaag",
    "allemaal|iedereen|mensen|team|collega s|vriend|mijn vriend|meneer|mevrouw|bot|chatbot|assistent|parley|samen",
    "wel|zeer|heel|erg|hartelijk|heel erg|nogmaals|voor nu|alvast|bij voorbaat|voor alles|daarvoor|hiervoor",
    "voor (je|jouw|uw|de|het|jullie|alle) (hulp|antwoord|antwoorden|info|informatie|uitleg|tijd|reactie|moeite)",
  ],
  phrases: {
    greeting: [
      "hallo|hoi|hoihoi|hey|he|hé|heej|haai|dag|goedendag|goeiedag|hallootjes|goedemorgen|goeiemorgen|goede morgen|goeie morgen|goedemiddag|goeiemiddag|goede middag|goedenavond|goedeavond|goeieavond|goede avond|morgen|mogguh|moi|joe|hi|gegroet|welkom",
      "(is)? (er|daar|hier) (iemand|nog iemand)|ben je (daar|er)|bent u (daar|er)|is daar iemand|leuk (je|u) te ontmoeten|aangenaam|aangenaam kennis te maken|prettig kennis te maken",
    ],
    "how-are-you": [
      "(hoe)? (gaat het|gaat ie|gaat t|is het|is t|is ie|alles) (met (jou|je|u)|ermee|goed|goed met je)?|hoe gaat het|hoe is het|alles goed|gaat het goed|en met (jou|u)|hoe maakt u het|hoe voel je je",
    ],
    thanks: [
      "dank|dankje|dank je|dank u|dankjewel|dankuwel|dank je wel|dank u wel|bedankt|bedank|danku|dankjewel hoor|hartelijk (dank|bedankt)|heel erg bedankt|erg bedankt|veel dank|hartstikke bedankt|super bedankt|bdnkt|mercikes|ik (dank|bedank) (je|u)|duizendmaal dank|mijn dank is groot|dank voor",
      "(dat|dit|je|u)? (was|is|bent|ben) (heel|erg|zeer)? (behulpzaam|nuttig|handig|fijn|vriendelijk|aardig)|(dat|dit|daar) (helpt|heeft geholpen|heeft me geholpen|heb ik wat aan|helpt me) (mij|enorm|me|verder)?|heel behulpzaam|(dat|dit) (is|was) alles (wat ik (nodig had|wilde weten|wou weten|moest weten))?|je hebt me (goed)? geholpen",
    ],
    goodbye: [
      "doei|doeg|doeii|doei doei|dag dag|daag|dahag|tot (ziens|straks|later|morgen|snel|de volgende keer|gauw|maandag|dan)|totziens|vaarwel|ajuus|aju|houdoe|salukes|de groeten|groetjes|welterusten|slaap lekker|goedenacht|goede nacht|later",
      "(nog)? (een)? (fijne|prettige|prettig|goede|goed|leuke|leuk|mooie|fijn) (dag|avond|weekend|middag|week|vakantie|nacht|dag nog|avond nog|weekend nog|dag verder)|(nog)? een (fijn|prettig|goed|leuk) weekend|ik (moet gaan|ga ervandoor|moet weg|ben weg|ben klaar)",
    ],
    yes: [
      "ja|jaa|jawel|jazeker|ja hoor|ja graag|jep|jup|zeker|zeker weten|natuurlijk|tuurlijk|uiteraard|absoluut|klopt|dat klopt|juist|precies|inderdaad|correct|exact|graag|heel graag|dat is (juist|correct|waar|zo)|waar|akkoord|doe maar",
    ],
    no: [
      "nee|neen|nee hoor|nee dank je|nee dank u|nee bedankt|niet echt|helemaal niet|niks|niets|niets meer|niks meer|verder niets|verder niks|geen|nooit|nog niet|nu niet|zeker niet|dat is alles|dat was alles|dat was het|laat maar zitten|hoeft niet|niet nodig|onjuist|fout",
    ],
    ok: [
      "ok|oke|okee|okay|okey|oki|okidoki|k|prima|goed|is goed|heel goed|in orde|komt goed|duidelijk|begrepen|ik begrijp het|ik snap het|snap ik|snap het|gesnapt|ik zie het|aha|ah zo|o ja|oh ja|helder|genoteerd|weet ik|ik weet het|afgesproken|mooi zo|dat is goed|goed om te weten|ik begrijp|zo is het",
      "(dat (is|was|klinkt)|heel|erg|echt|wat)? (goed|top|super|mooi|geweldig|perfect|fantastisch|prachtig|leuk|fijn|cool|gaaf|tof|knap|uitstekend|handig|interessant|prima|lekker)|goed gedaan|goed gewerkt|goed bezig|netjes|bravo|goed antwoord|goede bot|goeie",
      "sorry|excuses|excuseer|pardon|neem me niet kwalijk|oeps|mijn fout|laat maar|vergeet het|maakt niet uit|geeft niet|geen probleem|geen zorgen|graag gedaan|geen dank|niets te danken|haha|hahaha|hihi",
    ],
    "who-are-you": [
      "(en)? (wie|wat) (ben je|ben jij|bent u|bent jij|zijn jullie|ben je eigenlijk|bent u eigenlijk|ben jij eigenlijk|ben je nou)|wie (is dit|is daar|is dat|spreekt daar)|met wie (spreek ik|praat ik|chat ik|heb ik het genoegen|heb ik te maken|praat ik nu)",
      "(hoe|wat) (heet je|heet jij|heet u|is je naam|is jouw naam|is uw naam)|(je|jouw|uw) naam|heb je een naam|heeft u een naam|stel je (even)? voor|stel jezelf (even|eens)? voor|vertel (me|mij|eens)? (iets|wat)? over (jezelf|je|jou)|wie heeft (je|jou|u) (gemaakt|gebouwd|ontwikkeld|geprogrammeerd|bedacht)|waar kom je vandaan|hoe oud ben je|ben (je|jij) (chatgpt|chat gpt|gpt|gemini|copilot|siri|alexa|nieuw|een man|een vrouw)|(welke|welk|wat voor) (ai|model|taalmodel|bot) ben (je|jij)",
    ],
    "are-you-human": [
      "(ben je|ben jij|bent u|is dit|is dat|praat ik met|spreek ik met|chat ik met|praat ik nu met) (wel|nou|eigenlijk|echt|nu)? (een|n)? (echt|echte|menselijke)? (mens|persoon|robot|bot|chatbot|machine|computer|programma|ai|kunstmatige intelligentie|echt|menselijk|medewerker) (of (met)? (een|n)? (echt|echte)? (mens|persoon|robot|bot|machine|ai|computer|chatbot|programma|niet))?",
      "(zit|is) (er|hier|daar) (een)? (echt|echte)? (mens|persoon|iemand) (achter|aan de andere kant|achter de knoppen)|je bent (maar|gewoon|toch)? een (bot|robot|machine)",
    ],
    "what-can-you-do": [
      "wat (kan|kun|kunt|kunnen) (je|jij|u|jullie) (allemaal|voor me|voor mij|voor ons|zoal|nog meer|eigenlijk|hier)? (allemaal)? (doen|vertellen|beantwoorden|betekenen|voor me doen|voor mij doen|zeggen)?|wat (doe je|doet u|doe jij) (hier|eigenlijk|zoal|allemaal)?|wat (weet je|weet jij|weet u) (allemaal|zoal)?|wat kan ik (je|jou|u|hier)? (allemaal)? (vragen|doen)|(welke|wat voor) (vragen|onderwerpen|documenten|soort vragen) (kan|kun|kunt|ken|kent|kan ik) (je|jij|u|ik|ik je|ik u)? (beantwoorden|stellen|vragen|behandelen)?",
      "(waarmee|hoe|waar) (kan|kun|kunt) (je|jij|u) (me|mij|ons)? (helpen|mee helpen|van dienst zijn)|waar (kan|kun|kunt) (je|jij|u) (me|mij|ons)? (mee|bij) helpen|waarvoor (ben je|bent u|dien je|dient u)|waar (ben je|ben jij|bent u|dien je) (goed)? voor|hoe (werk je|werk jij|werkt u|werkt deze chat|werkt deze chatbot|werkt deze bot|werkt deze assistent|gebruik ik je|gebruik ik deze chat)|wat (is|zijn) (je|jouw|uw) (functie|functies|doel|taak|taken|mogelijkheden)|waar weet je (alles|iets|wat) van|waarover kan ik (je|jou|u)? (vragen|iets vragen)",
    ],
    help: [
      "help|hulp|help me|help mij|helpen|(kan|kun|kunt|kunnen|zou|wil) (je|jij|u|jullie) (me|mij|ons) (even|alsjeblieft|misschien|kunnen|verder)? helpen|(kan|wil) iemand (me|mij|ons) (even)? helpen|(ik|wij|we) (heb|hebben) (even|je|uw|dringend|wat)? hulp nodig|hulp nodig|ik (zit vast|kom er niet uit|weet het niet meer)|sos|ik weet niet wat ik moet (doen|vragen)",
      "(ik|wij|we) (heb|hebben|had) (even|nog|maar)? (een|wat|enkele|een paar|nog een)? (vraagje|vraag|vragen|kort vraagje|korte vraag|probleem)|(mag|kan) ik (je|u|jou)? (iets|wat|een vraag|een vraagje|even iets) (vragen|stellen)|(een|klein|korte)? (vraag|vraagje)|ik (wil|zou) (graag|je|u)? (iets|wat|een vraag) (vragen|stellen)",
    ],
    "a-person": [
      "$want (met)? $person $talk|$want (graag)? (met)? $person (aan de lijn|te spreken)",
      "(met)? $person (alsjeblieft|aub)? (spreken|praten|graag)|(verbind|verbindt) (me|mij) (door)? (met|naar)? $person (door)?|(kan|kun|kunt) (je|u|jij) (me|mij) (doorverbinden met|met|verbinden met) $person (doorverbinden|verbinden)?|hoe (kan|kom) ik (in contact)? met (een)? (echt|echte|echt)? (mens|persoon|iemand) (praten|spreken)?",
      "ik wil (graag|liever)? (een) (echt|echte)? (mens|persoon|medewerker)|(echt|echte|een echt|een echte) (mens|persoon|medewerker)|een mens (graag|aub|alsjeblieft)?|medewerker (aub|graag)|(is er|is er ook|is hier|zijn er) (een|iemand)? (echt|echte)? (mens|persoon|iemand|medewerker)? (die ik|met wie ik|waarmee ik|waar ik mee) (kan|mag) (spreken|praten|bellen)|(kan|mag) iemand (me|mij) (terugbellen|bellen|helpen)|ik wil (niet)? (met een|geen) (bot|robot|machine|computer) (praten|spreken)?|geen (bot|robot)",
    ],
    upset: [
      "(je|jij|u|dit|dat|deze bot|deze chat|het|dit antwoord) (bent|ben|is|was|zijn) ($very)? ($very)? $rude|(wat een|stomme|domme|klote|kut|achterlijke|waardeloze|slechte|idiote|nutteloze|rot) (stomme|domme|waardeloze|slechte)? (bot|chatbot|chat|robot|machine|onzin|rotzooi|shit|bagger|antwoord|idioot|ding|assistent|aanfluiting|grap|tijdverspilling)|(jij)? (stomme|domme) (bot|robot|chat)",
      "shit|kut|klote|verdomme|godverdomme|gvd|potverdorie|klootzak|eikel|lul|sukkel|idioot|mongool|hou je (mond|bek|kop)|houd je mond|rot op|sodemieter op|opzouten|val dood|flikker op|ik haat (je|dit)|stom|nutteloos|waardeloos|krijg de (tering|klere|pest)|grr|pff|jeetje",
      "(dat|dit) (helpt|hielp|heeft) (me|mij)? (niet|niks|niets|helemaal niet) (geholpen|verder)?|(dat|dit) (is|was) (niet|geen) (nuttig|behulpzaam|handig|wat ik (vroeg|bedoelde|zoek|wilde|wilde weten)|mijn vraag|juist|correct|waar|antwoord|goed antwoord|antwoord op mijn vraag)|(je|u) (begrijpt|snapt|begrijp|snap|antwoordt|weet|beantwoordt) (me|mijn vraag|er)? (niet|niets|niks) (van)?|(dat)? (klopt niet|is fout|is onjuist)|fout antwoord|verkeerd antwoord|ik ben (heel|erg|echt)? (boos|gefrustreerd|teleurgesteld|geirriteerd)",
    ],
    test: [
      "test|testen|testje|(dit is)? (maar|even|gewoon)? (een)? test|test test|even testen|ik (test|ben aan het testen) (dit|even|alleen|maar)?|(werkt|doet) (dit|het|deze chat) (het)?|proef|een twee drie test",
    ],
  },
  borrowed: {
    greeting: ["hello|hola|yo"],
    thanks: ["thanks|thank you|thx|tnx|merci"],
    goodbye: ["bye|bye bye|ciao"],
    yes: ["yes|yep"],
    no: ["no|nope"],
    ok: ["lol"],
    upset: ["fuck|fuck you|wtf"],
  },
  replies: {
    greeting: "Hallo. Wat wilt u weten?",
    "how-are-you": "Goed, dank u. Wat wilt u weten?",
    thanks: "Graag gedaan. Als u nog iets wilt weten, vraag het gerust.",
    goodbye: "Tot ziens en een fijne dag.",
    yes: "Goed. Vraag gerust wat u wilt weten.",
    no: "In orde. Als u nog iets wilt weten, vraag het gerust.",
    ok: "Goed. Als u nog iets wilt weten, vraag het gerust.",
    "who-are-you":
      "Ik ben {assistant}, de assistent van {organisation}: een programma dat vragen beantwoordt uit de documenten en laat zien waar het antwoord staat.",
    "are-you-human":
      "Ik ben een programma, een assistent die antwoordt uit de documenten van {organisation}. Er schrijft hier geen mens mee.",
    "what-can-you-do":
      "Ik beantwoord vragen uit de documenten van {organisation} en laat zien op welke passage het antwoord berust.",
    topics: "Ze gaan bijvoorbeeld over {topics}.",
    aboutTopic: "Wat is ‘{topic}’?",
    begin: "U kunt met een van deze vragen beginnen:",
    nothingYet:
      "Ik beantwoord vragen uit de documenten van {organisation}. Die zijn er nog niet, kom wat later terug.",
    help: "Stel uw vraag in één zin, zoals aan een collega. Ik zoek het antwoord in de documenten van {organisation}.",
    "a-person": "Hier helpt een mens u verder: {contact}",
    noContact:
      "Ik kan u van hieruit niet met een mens verbinden. Vertel me waar het over gaat, dan zoek ik in de documenten van {organisation} wie erover gaat.",
    orAPerson: "Of vraag het aan een mens: {contact}",
    upset: "Het spijt me dat dit niet hielp. Vertel me in één zin wat u nodig hebt, dan zoek ik opnieuw.",
    unclear: "Dat begreep ik niet. Kunt u het in een paar woorden als vraag schrijven?",
    test: "Het werkt. Stel een vraag wanneer u wilt.",
  },
};
