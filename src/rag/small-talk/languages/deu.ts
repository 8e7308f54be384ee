import type { TalkLanguage } from "../language.ts";

export const deu: TalkLanguage = {
  code: "deu",
  short: "de",
  slots: {
    person:
      "(einem|einen|einer|nem|nen|ner|ein|eine)? (echten|echter|richtigen|realen|menschlichen|lebenden|anderen)? (menschen|mensch|person|mitarbeiter|mitarbeiterin|mitarbeitenden|kollegen|kollegin|berater|beraterin|ansprechpartner|ansprechpartnerin|kundenberater|support|kundenservice|kundendienst)|jemandem|jemanden|jemand|wem|irgendwem|irgendjemandem|irgendjemand|jemand (anderem|anderen|echtem|richtigem)|dem support|dem kundenservice|dem team",
    talk: "sprechen|reden|chatten|telefonieren|schreiben|verbunden werden|in kontakt (treten|kommen)|kontakt aufnehmen|quatschen",
    want: "ich (mochte|moechte|will|wurde|wuerde|wollte|muss|brauche) (gern|gerne|bitte|lieber|mal|jetzt|nur)?|(kann|konnte|koennte|darf|durfte) ich (bitte|mal|auch|hier|gern|gerne|lieber)?|ich hatte gern|ich haette gern",
    very: "so|sehr|echt|total|voll|vollig|voellig|komplett|absolut|richtig|wirklich|einfach|ziemlich|verdammt|scheiss|ja|aber|doch|nur",
    rude: "dumm|bloed|blod|doof|damlich|daemlich|bescheuert|scheisse|scheiss|mist|nutzlos|unnutz|unnuetz|sinnlos|schlecht|mies|unbrauchbar|idiotisch|lacherlich|laecherlich|schwachsinn|quatsch|unsinn|blodsinn|bloedsinn|furchtbar|schrecklich|nervig|ein witz|ein idiot|(ein)? mull|fur die tonne|unfahig|unfaehig|peinlich|nicht hilfreich|keine hilfe|zum kotzen|katastrophe|eine katastrophe",
  },
  beside: [
    "bitte|mal|doch|denn|ja|nun|jetzt|dann|also|noch|auch|wieder|da|so|ach|oh|ah|ahm|hm|hmm|eben|halt",
    "zusammen|alle|allerseits|leute|liebes team|team|ihr|ihr lieben|du|sie|dir|euch|ihnen|freund|mein freund|bot|chatbot|assistent|parley",
    "sehr|vielmals|schon|schoen|ganz herzlich|herzlichst|nochmal|nochmals|heute|erstmal|soweit",
    "(fur|fuer) (die|deine|ihre|eure) (hilfe|antwort|antworten|auskunft|info|infos|information|informationen|unterstutzung|unterstuetzung|muhe|muehe|zeit)|dafur|dafuer|fur alles|fuer alles",
  ],
  phrases: {
    greeting: [
      "hallo|hallochen|halloechen|halo|hallihallo|hi|hey|moin|moin moin|servus|gruss gott|gruess gott|gruezi|grutzi|gruessdich|gruss dich|gruess dich|grussi|gruessi|tach|tag|tagchen|mahlzeit|hoi|hei|na|gude",
      "(einen|einen schonen|nen|schonen|schoenen)? (guten|gutn|guden) (morgen|tag|abend|mittag|nachmittag)|(schonen|schoenen) (guten)? (morgen|tag|abend)|morgen zusammen|guten|n abend|n tag|nabend|morjen",
      "(ist)? (hier|da) (jemand|wer)|(ist)? (jemand|wer) (da|hier)|bist du da|sind sie da|(freut|freue) mich|schon (dich|sie) kennenzulernen|sei gegrusst|seid gegrusst|(liebe|beste|viele|herzliche) grusse|lg|vg",
    ],
    "how-are-you": [
      "wie (geht s|gehts|geht es|geht) (dir|ihnen|euch)?|(und)? (dir|ihnen) selbst|wie lauft s|wie laufts|wie laeufts|was geht (ab)?|alles (klar|gut|fit) bei (dir|ihnen|euch)|geht s (dir|ihnen)? gut|gehts (dir|ihnen)? gut|na wie gehts|wie ist das befinden",
    ],
    thanks: [
      "danke|dankeschon|dankeschoen|dank|danki|dankee|mercy vielmals|vielen|(vielen|herzlichen|besten|lieben|tausend|schonen|schoenen) (lieben|herzlichen)? dank|danke (dir|ihnen|euch|sehr|schon|schoen|vielmals|bestens|nochmal|nochmals)|ich danke (dir|ihnen|euch)?|1000 dank|vd|vielen dank auch|bedanke mich|ich bedanke mich|man dankt|danek",
      "(das|dies|die antwort)? (hat|hilft|half) (mir)? (sehr|schon|schoen|super|gut|echt)? (sehr)? (geholfen|weiter|weitergeholfen)|das hilft (mir)?|(das|die) (war|ist) (sehr|super|echt|wirklich)? (hilfreich|nett|lieb|nutzlich)|sehr hilfreich|sehr nett|(das)? (war|ist|ware|waere) (schon)? alles (was ich (brauchte|wissen wollte|brauche|wissen muss))?|mehr (brauche|wollte) ich nicht (wissen)?|du hast mir (sehr)? geholfen|sie haben mir (sehr)? geholfen",
    ],
    goodbye: [
      "tschuss|tschuess|tschus|tschussi|tschuessi|tschau|tschausi|ade|adieu|servus|baba|pfiat di|pfiati|pfiad di|auf wiedersehen|wiedersehen|auf wiederschauen|auf wiederhoren|auf wiederhoeren|uf wiederluege|machs gut|mach s gut|machen sie s gut|macht s gut|haut rein|hau rein|und tschuss",
      "bis (bald|dann|spater|spaeter|morgen|nachher|gleich|demnachst|zum nachsten mal|nachste woche|die tage|denne)|(man sieht sich|wir sehen uns|wir horen uns|wir hoeren uns)|gute nacht|gut nacht|(ich wunsche|ich wuensche)? (dir|ihnen|euch)? (noch)? (einen|ein|eine|nen|n)? (schonen|schoenen|schones|schoenes|angenehmen|angenehmes|gute|schone|schoene) (tag|abend|feierabend|wochenende|nachmittag|woche|rest|resttag|urlaub) (noch)?|schonen tag noch|ich (muss|geh) (jetzt|dann)? (los|weg|gehen)|ich bin (dann)? (weg|raus|fertig)",
    ],
    yes: [
      "ja|jep|jepp|jup|jo|joa|jawohl|genau|richtig|stimmt|klar|na klar|aber klar|natuerlich|naturlich|sicher|selbstverstandlich|selbstverstaendlich|auf jeden fall|unbedingt|gerne|gern|sehr gern|sehr gerne|ja gern|ja gerne|freilich|exakt|korrekt|absolut|passt|das (stimmt|ist richtig|passt)|so ist es|eben",
    ],
    no: [
      "nein|ne|nee|no|noe|na|nein danke|nicht wirklich|eigentlich nicht|nichts|nichts mehr|gar nichts|nichts weiter|sonst nichts|keine|keine fragen (mehr)?|auf keinen fall|keinesfalls|niemals|nie|noch nicht|im moment nicht|momentan nicht|jetzt nicht|das war s|das wars|das war es|das ware alles|nix|lieber nicht|passt schon|brauche ich nicht|nicht notig|nicht noetig|falsch",
    ],
    ok: [
      "ok|okay|okey|oki|okidoki|k|alles klar|klar|in ordnung|geht klar|gut|na gut|also gut|nun gut|schon gut|alles gut|verstanden|verstehe|ich verstehe|kapiert|hab verstanden|habe verstanden|ich habe verstanden|ach so|achso|aha|aso|soso|so so|weiss ich|gut zu wissen|wird gemacht|mache ich|mach ich|einverstanden|von mir aus|meinetwegen|passt|jut",
      "(das (ist|war|klingt)|ist|sehr|echt|ganz|ja)? (gut|super|toll|prima|klasse|perfekt|spitze|cool|genial|wunderbar|grossartig|hervorragend|top|geil|nice|fein|ausgezeichnet|fantastisch|interessant|krass|schon|schoen|bestens|stark|1a)|gut gemacht|super gemacht|bravo|freut mich|guter bot|weiter so",
      "entschuldigung|entschuldige|entschuldigen sie|tut mir leid|verzeihung|pardon|mein fehler|ups|upps|hoppla|egal|macht nichts|vergiss es|vergessen sie es|hat sich erledigt|erledigt|schon erledigt|kein problem|keine ursache|gern geschehen|nichts zu danken|haha|hahaha|hihi|hehe|wow",
    ],
    "who-are-you": [
      "(und)? (wer|was|wer oder was) (bist|bis) (du|n du) (eigentlich|denn|genau|uberhaupt)?|(und)? (wer|was|wer oder was) sind sie (eigentlich|denn|genau|uberhaupt)?|wer (ist|bist) (da|das|dort|hier)|wer da|mit wem (spreche|rede|schreibe|chatte|hab|habe) ich (hier|da|gerade|eigentlich|es zu tun|das vergnugen)?|mit wem habe ich es (hier)? zu tun",
      "wie (heisst|heist) (du|n du) (eigentlich|denn)?|wie heissen sie|wie ist (dein|ihr) name|dein name|ihr name|hast du einen namen|haben sie einen namen|stell dich (mal)? vor|stellen sie sich (mal)? vor|erzahl (mir)? (etwas|was)? (uber|ueber|von) dir|wer hat dich (gemacht|gebaut|entwickelt|programmiert|erfunden|erschaffen)|wer hat sie (gemacht|entwickelt|programmiert)|woher kommst du|wie alt bist du|(welche|welches|was fur ein) (ki|modell|sprachmodell|bot) (bist du|sind sie)|(bist du|sind sie) (chatgpt|chat gpt|gpt|gemini|copilot|siri|alexa|neu|ein mann|eine frau)",
    ],
    "are-you-human": [
      "(bist du|bis du|sind sie|bist|seid ihr) (denn|eigentlich|etwa|wirklich|nur)? (ein|eine|n|ne)? (echter|echte|richtiger|richtige|realer|reale)? (mensch|person|roboter|robo|bot|chatbot|maschine|computer|programm|ki|kunstliche intelligenz|kuenstliche intelligenz|echt|menschlich|mitarbeiter) (oder (ein|eine|ne|n|nur|doch)? (ein|eine)? (echter|echte|richtiger)? (mensch|person|roboter|bot|chatbot|maschine|computer|programm|ki|mitarbeiter|nicht))?",
      "(spreche|rede|schreibe|chatte) ich (hier|gerade|jetzt|da)? (mit|gerade mit) (einem|einer|nem|ner)? (echten|richtigen)? (menschen|mensch|person|roboter|bot|chatbot|maschine|computer|ki|mitarbeiter|programm) (oder (mit)? (einem|einer|nem|ner)? (echten)? (menschen|mensch|roboter|bot|chatbot|maschine|computer|ki|programm))?|(ist|bin ich) (das|hier|da) (hier)? (ein|eine|bei einem|mit einem)? (echter|echte|richtiger)? (mensch|person|bot|roboter|ki|maschine|chatbot)|(ist|sitzt) (da|hier|dort) (ein|eine)? (echter|richtiger|echte)? (mensch|person|jemand echtes)|du bist (nur|doch)? (ein|eine|ne)? (bot|roboter|maschine|ki)",
    ],
    "what-can-you-do": [
      "was (kannst|konntest|koenntest) du (alles|denn|eigentlich|so|mir|fur mich|fuer mich|hier)? (alles|so)? (machen|tun|beantworten|leisten|anbieten|sagen|erzahlen|fur mich tun|fuer mich tun)?|was (konnen|koennen) sie (alles|denn|eigentlich|so|mir|fur mich|fuer mich|hier)? (alles|so)? (machen|tun|beantworten|leisten|anbieten|sagen|fur mich tun|fuer mich tun)?|was (machst|tust) du (hier|so|eigentlich|alles)?|was machen sie (hier|so|eigentlich)?|was weisst du (alles|denn|so)?|was wissen sie (alles|denn|so)?",
      "(wobei|womit|bei was|wie) (kannst|konntest|koenntest) du (mir|uns)? (helfen|weiterhelfen|behilflich sein)|(wobei|womit|bei was|wie) (konnen|koennen|konnten|koennten) sie (mir|uns)? (helfen|weiterhelfen|behilflich sein)|was (kann|darf|soll|konnte) ich (dich|sie|hier|so|alles)? (alles|so|denn)? (fragen|machen|tun)|welche (fragen|themen) (kannst du|konnen sie|kann ich|darf ich|kennst du|kennen sie) (beantworten|stellen|dir stellen|ihnen stellen|fragen)?|(zu|uber|ueber) (welchen|welche|was fur) (themen|fragen) (kannst du|konnen sie|weisst du|kann ich) (etwas|was|dich|sie|bescheid)? (sagen|antworten|fragen|helfen)?|(wovon|woruber|worueber|wozu) (weisst du|kannst du|wissen sie|konnen sie) (etwas|was|bescheid|auskunft)? (geben|sagen)?",
      "(wofur|wofuer|wozu|fur was) (bist du|sind sie) (da|gut|zustandig|hier)|was (sind|ist) (deine|ihre|dein|ihr) (fahigkeiten|faehigkeiten|aufgaben|aufgabe|funktionen|zweck|job)|wie (funktionierst du|funktionieren sie|arbeitest du|funktioniert (dieser|der) (chat|bot|chatbot|assistent))|(zeig|sag) mir was du kannst|deine (fahigkeiten|faehigkeiten)|wie (nutze|benutze|verwende) ich (dich|diesen chat|den chat|diesen bot)",
    ],
    help: [
      "hilfe|hilf mir|hilf|helfen sie mir|helft mir|(kannst|konntest|koenntest|wurdest) du (mir|uns) (bitte|mal|kurz|weiter)? (helfen|weiterhelfen)|(konnen|koennen|konnten|koennten|wurden) sie (mir|uns) (bitte|mal|kurz|weiter)? (helfen|weiterhelfen)|(kann|konnte) (mir)? (jemand|wer) (mir)? (bitte)? (helfen|weiterhelfen)|(ich|wir) (brauche|brauch|brauchen|benotige|benoetige) (mal|bitte|dringend|etwas|deine|ihre|eure|eine)? (hilfe|unterstutzung|unterstuetzung)|brauche (bitte|dringend)? hilfe|bitte um hilfe|ich (komme|komm) nicht (weiter|klar)|ich weiss nicht weiter|sos",
      "(ich|wir) (habe|hab|hatte|haette|haben|hatten) (da|mal|noch|eine|ne|kurz|bitte)? (mal|noch|kurz)? (eine|ne|einige|ein paar|n paar|noch eine|nur eine)? (kurze|kleine|andere|weitere)? (frage|fragen|problem|anliegen|bitte)|ich hab ein (problem|anliegen)|ich habe ein (problem|anliegen)|(darf|kann|konnte|durfte) ich (dich|sie|dir|ihnen|mal|kurz|bitte)? (etwas|was|mal was|mal etwas|eine frage|kurz was) (fragen|stellen)|(eine|ne|kurze|nur eine) frage|frage|ich (mochte|moechte|will|wurde gern) (dich|sie|gern|mal)? (etwas|was) fragen",
    ],
    "a-person": [
      "$want mit $person $talk",
      "$want $person (sprechen|erreichen|kontaktieren|anrufen|anschreiben|haben)",
      "(mit)? $person (bitte)? (sprechen|reden|verbinden)|(bitte)? (mit einem|einen|ein) (echten|richtigen)? (menschen|mitarbeiter) (bitte|sprechen)?|ich (mochte|moechte|will|brauche|hatte gern|haette gern) (lieber|bitte)? (einen|ein|eine|mit einem) (echten|richtigen|echte|richtige|menschlichen)? (menschen|mensch|person|ansprechpartner|ansprechpartnerin|mitarbeiter|berater)",
      "(verbinde|verbinden sie|leite|leiten sie|stell|stellen sie) mich (bitte|mal|doch)? (mit|an|zu)? $person (durch|weiter|verbinden)?|(kannst du|konnen sie|konntest du|konnten sie) mich (bitte|mal)? (mit|an|zu) $person (verbinden|weiterleiten|durchstellen|weitergeben|vermitteln)|(echter|richtiger) (mensch|mitarbeiter) (bitte)?|(ein|einen)? mensch bitte|jemand echtes|(gibt es|gibts|ist) (hier|da)? (auch)? (einen|eine|jemanden|jemand|nen)? (echten|richtigen|echte)? (menschen|mensch|person|mitarbeiter|ansprechpartner)? (hier|da)? (mit dem|mit der|mit dem man|den|die)? ich (sprechen|reden|schreiben|fragen) (kann|konnte)|(kann|konnte) (mich|mir) (bitte)? (jemand|ein mensch|ein mitarbeiter) (bitte)? (anrufen|zuruckrufen|kontaktieren|personlich helfen)|ich will (nicht mit|mit keinem|keinen) (einem|einer)? (bot|roboter|maschine|computer|ki|chatbot) (sprechen|reden|schreiben)?|kein bot|keinen bot|livechat|live chat",
    ],
    upset: [
      "(du|sie|ihr|das|dies|es|der bot|dieser bot|der chat|das ding|das hier) (bist|sind|seid|ist|war|taugt) ($very)? ($very)? $rude|(du|sie)? ($very)? (dummer|bloder|bloeder|doofer|nutzloser|bescheuerter|unfahiger|scheiss|blode|dumme|bloede|doofe|schlechter) (bot|chatbot|idiot|chat|assistent|roboter|maschine|ki|kerl|depp|sau|kuh|antwort|ding)|(was (fur|fuer|soll) (ein|eine|der|das|so ein))? (scheiss|mist|scheisse|quatsch|schwachsinn|blodsinn|bloedsinn|unsinn|mull|dreck|schrott|idiot|idiotischer bot|witz|frechheit|zeitverschwendung) (bot|chat|chatbot|ki|programm)?|so ein (mist|scheiss|quatsch|schwachsinn|blodsinn|unsinn|schrott|dreck)",
      "(scheisse|scheiss|mist|verdammt|verdammte scheisse|fuck|shit|wtf|arschloch|wichser|idiot|depp|trottel|vollidiot|halt die klappe|halt s maul|halts maul|halt den mund|leck mich|leck mich am arsch|verpiss dich|hau ab|geh weg|fick dich|fick di|du arsch|arsch|du nervst|sie nerven|nervig|ich hasse dich|dumm|bloed|blod|nutzlos|kack bot|kacke|mann ey|boah|grr|argh|dreck|so ein dreck)",
      "(das|es) (hat|hilft) (mir)? (leider|uberhaupt|gar|nicht)? (nicht|nichts|uberhaupt nicht|gar nicht) (geholfen|weiter|weitergeholfen|weiterhelfen)?|das hilft (mir)? (leider|uberhaupt|gar)? nicht (weiter)?|(das|die antwort) (war|ist|stimmt) (leider|aber)? (nicht|falsch|nicht richtig|nicht korrekt) (hilfreich|richtig|korrekt|meine frage|was ich (meinte|gefragt habe|wissen wollte|wollte))?|(das)? (war|beantwortet) (nicht)? meine frage (nicht)?|das stimmt (so|gar|uberhaupt)? nicht|falsche antwort|das ist falsch|(du|sie) (verstehst|verstehen|kapierst|hast|haben) (mich|meine frage|gar|uberhaupt|das)? (nicht|nichts|falsch|gar nichts) (verstanden)?|du kannst (ja)? (gar)? nichts|(du|sie) (haben|hast) keine ahnung|ich bin (sehr|echt|total|langsam)? (genervt|sauer|frustriert|wutend|verargert|enttauscht)",
    ],
    test: [
      "test|testen|nur (ein|n|zum|mal)? test|(das|dies|dass) ist (nur)? ein test|(ein|kleiner|kurzer|nur ein kleiner) test|test test|testfrage|testnachricht|testeingabe|ich teste (nur|mal|gerade|dich|das)? (nur|mal|gerade)?|nur mal testen|ich (will|mochte|moechte|wollte) (nur|nur mal|mal)? testen|(funktioniert|geht|klappt|lauft) (das|es|der chat|der bot|dieser chat) (hier|jetzt|uberhaupt|auch)?|funktionierst du|geht das hier",
    ],
  },
  borrowed: {
    greeting: ["hello|hola|bonjour|grias di|grias eich"],
    thanks: ["thanks|thank you|thx|ty|merci|mille grazie|grazie|gracias"],
    goodbye: ["bye|bye bye|ciao|ciao ciao|see you|cu|au revoir|adios|arrivederci"],
    yes: ["yes|yep|yo"],
    no: ["no|nope"],
    ok: ["sorry|lol"],
    "who-are-you": ["who are you"],
    help: ["help"],
  },
  replies: {
    greeting: "Hallo. Was möchten Sie wissen?",
    "how-are-you": "Danke der Nachfrage, mir geht es gut. Was möchten Sie wissen?",
    thanks: "Gern geschehen. Wenn noch etwas ist, fragen Sie einfach.",
    goodbye: "Auf Wiedersehen und einen schönen Tag.",
    yes: "Gut. Fragen Sie, was Sie wissen möchten.",
    no: "In Ordnung. Wenn noch etwas ist, fragen Sie einfach.",
    ok: "Gut. Wenn noch etwas ist, fragen Sie einfach.",
    "who-are-you":
      "Ich bin {assistant}, der Assistent von {organisation}: ein Programm, das Fragen aus den Dokumenten beantwortet und zeigt, wo die Antwort steht.",
    "are-you-human":
      "Ich bin ein Programm, ein Assistent, der aus den Dokumenten von {organisation} antwortet. Kein Mensch schreibt hier mit.",
    "what-can-you-do":
      "Ich beantworte Fragen aus den Dokumenten von {organisation} und zeige, auf welcher Stelle die Antwort beruht.",
    topics: "Es geht darin zum Beispiel um {topics}.",
    aboutTopic: "Was gibt es zu „{topic}“?",
    begin: "Sie können mit einer dieser Fragen beginnen:",
    nothingYet:
      "Ich beantworte Fragen aus den Dokumenten von {organisation}. Noch sind keine da, schauen Sie etwas später wieder vorbei.",
    help: "Stellen Sie Ihre Frage in einem Satz, so wie Sie eine Kollegin fragen würden. Ich suche die Antwort in den Dokumenten von {organisation}.",
    "a-person": "Hier hilft Ihnen ein Mensch weiter: {contact}",
    noContact:
      "Von hier aus kann ich Sie mit keinem Menschen verbinden. Schreiben Sie mir, worum es geht, dann suche ich in den Dokumenten von {organisation}, wer dafür zuständig ist.",
    orAPerson: "Oder fragen Sie einen Menschen: {contact}",
    upset:
      "Es tut mir leid, dass das nicht geholfen hat. Schreiben Sie in einem Satz, was Sie brauchen, dann suche ich noch einmal.",
    unclear: "Das habe ich nicht verstanden. Können Sie es in ein paar Worten als Frage schreiben?",
    test: "Es funktioniert. Fragen Sie, wann immer Sie möchten.",
  },
};
