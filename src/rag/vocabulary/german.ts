import type { Vocabulary } from "./vocabulary.ts";

export const GERMAN: Vocabulary = {
  light: `aber ab abends alle allein aller alles allgemein als also alte andere anderen anderer anders anfangen anfang
    angeben anschauen auch aufhoren ausser bald bei beide beim bekomme bekommen bekommt benotige benotigen benutzen
    besonders besser beste bestimmt betreffend bin bis bisher bist bleiben brauche brauchen braucht bringen da dabei
    dafur daheim dann daran darum dass davon dazu deine denn derzeit deshalb doch dort draussen drin durch durfte
    eben egal eigentlich eigene eigenen eigener einfach einige einigen einmal erst erste ersten erklaren etwa etwas
    euch euer falls fast fertig finde finden frage fragen fruh fruher ganz ganze geben geh gehe gehen gehort geht
    gelten gelt gerade gern gerne gestern genau genug genutzt gibts gilt gleich gross grosse grosser gut gute guten
    habe haben halt halten hast heisst helfen her herr heute hier hin hinter hoch holen ihm ihn ihnen immer irgendwie
    irgendwo irgendwas ja jede jedem jeden jeder jedes jemand jetzt kannst kein keine keinen kleine klein komme kommen
    kommt konnte konnten kriege kriegen kriegt kurz lang lange langer lassen lasst laufen lauft leider letzte letzten
    leute liegt machen mache macht mal maximal mehr mehrere meinen meiner meinem mensch menschen mindestens minuten
    moglich mochte monat monate morgen mussen musste nach nachher nachste nachsten nah naturlich neben nehmen nehme
    nein neu neue neuen neuer nie niemand nimmt noch normal normale normalerweise nun nur nutzen oben ofter oft ohne
    okay ort passieren passiert person personen personlich pro recht rein richtig sache sachen sagen sagt schaffen
    schlecht schnell schon schreiben sehen sehr seid seine seit selber selbst setzen sicher sobald sofort sogar soll
    solche sollen sollte sollten sonst sowie spat spater statt stehen steht stelle stellen stunde stunden suche suchen
    tag tage tagen teil treffen trotzdem tun uber uberhaupt uhr um umgehen und ungefahr unser unsere unten unter
    vergessen vermutlich verschieden verwenden vielleicht voll vom vor vorher wahrend wahr wann warten was weg wegen
    weil weit weiter weitere welch wenig wenn will wirklich wo woche wochen wohl wollen worauf woran wozu wobei
    worin womit wovon wunschen wusste wurden zeigen zeit zeiten ziemlich zuerst zuhause zuletzt zuruck zusammen zwei
    zwischen jahr jahre jahren heut eh sind kriegs gibt`,
  forms: `abgeben abgegeben abgabe
    anfangen fange fangt angefangen anfang
    anbieten angeboten angebot
    anrufen angerufen anruf
    ansprechen angesprochen
    beginnen beginnt begonnen beginn
    bekommen bekam
    betreffen betrifft betroffen
    bewerben bewirbt beworben bewerbung
    bieten bot geboten
    bleiben blieb geblieben
    brechen bricht gebrochen
    bringen brachte gebracht
    denken dachte gedacht
    durfen darf durfte
    einladen eingeladen einladung
    einreichen eingereicht einreichung
    empfehlen empfiehlt empfohlen empfehlung
    entscheiden entschied entschieden entscheidung
    erhalten erhalt erhielt erhalt
    essen isst gegessen
    fahren fahrt fuhr gefahren
    fallen fallt fiel gefallen
    fangen fangt gefangen
    finden fand gefunden
    fliegen flog geflogen flug fluge
    geben gibt gab gegeben
    gehen ging gegangen
    gelten gilt galt gegolten geltung
    genehmigen genehmigt genehmigung
    haben hat hatte gehabt
    halten halt hielt gehalten
    heissen hiess geheissen
    helfen hilft half geholfen hilfe
    kennen kannte gekannt kenntnis
    kommen kam gekommen
    krank krankheit erkrankt erkrankung
    kundigen gekundigt kundigung
    laden ladt lud geladen ladung
    lassen lasst liess gelassen
    laufen lauft lief gelaufen
    leihen lieh geliehen
    lesen liest las gelesen
    liegen lag gelegen
    melden gemeldet meldung
    mieten gemietet miete vermietet
    nehmen nimmt nahm genommen
    nennen nannte genannt
    offnen geoffnet offnung
    reisen gereist reise
    rufen rief gerufen
    schlafen schlaft schlief geschlafen
    schliessen schliesst schloss geschlossen schliessung
    schreiben schrieb geschrieben
    sehen sieht sah gesehen
    senden sandte gesendet gesandt
    sperren gesperrt sperrung
    sprechen spricht sprach gesprochen
    stehen stand gestanden
    stehlen stiehlt stahl gestohlen diebstahl
    sterben stirbt starb gestorben tod todesfall
    steigen stieg gestiegen
    tragen tragt trug getragen
    treffen trifft traf getroffen
    trinken trank getrunken
    ubernehmen ubernimmt ubernommen ubernahme
    unterschreiben unterschrieben unterschrift
    verbieten verboten verbot
    vergessen vergisst vergass
    verlassen verlasst verliess
    verlieren verliert verlor verloren verlust
    verschieben verschoben verschiebung
    versprechen versprochen
    vertreten vertritt vertretung
    verzichten verzicht
    wachsen wachst gewachsen wachstum
    waschen wascht gewaschen
    werden wird wurde geworden
    werfen wirft geworfen
    wissen weiss wusste gewusst
    ziehen zog gezogen
    zahlen zahlt gezahlt bezahlen bezahlt zahlung bezahlung
    beantragen beantragt antrag antrage
    erstatten erstattet erstattung
    verlangern verlangert verlangerung
    zurucksetzen zuruckgesetzt
    ablaufen lauft abgelaufen ablauf
    umziehen umzug umgezogen
    heiraten geheiratet heirat hochzeit
    kosten kostet gekostet
    wie_lange dauer dauert dauern
    hoch hohe hoher
    lang lange lange
    gross grosse
    breit breite`,
  synonyms: `urlaub, jahresurlaub, erholungsurlaub, urlaubstage, urlaubsanspruch, freie tage, ferien, frei nehmen
    sonderurlaub, freistellung, dienstbefreiung, arbeitsbefreiung
    resturlaub, urlaubsubertrag, ubertrag, ubertragen, mitnehmen
    unbezahlter urlaub, sabbatical, auszeit, beurlaubung
    krank, krankmeldung, krankschreibung, arbeitsunfahigkeit, arbeitsunfahig, au, krankheit, krankgeschrieben
    attest, arztliche bescheinigung, au-bescheinigung, krankenschein
    mutterschutz, mutterschaftsurlaub, schwangerschaft, schwanger
    elternzeit, babypause, vaterschaftsurlaub, erziehungsurlaub
    kind, kinder, sohn, tochter, baby, nachwuchs
    kita, kindergarten, kinderbetreuung, krippe
    trauerfall, todesfall, beerdigung, tod
    hochzeit, heirat, eheschliessung
    homeoffice, home office, home-office, telearbeit, mobiles arbeiten, mobile arbeit, von zu hause, von zuhause, remote
    gleitzeit, flexible arbeitszeit, kernzeit, arbeitszeit
    uberstunden, mehrarbeit, zeitguthaben, zeitausgleich, freizeitausgleich
    arbeitszeiterfassung, zeiterfassung, stempeln, stechuhr
    gehalt, lohn, verdienst, entgelt, vergutung, bezahlung, einkommen
    gehaltsabrechnung, lohnabrechnung, lohnzettel, gehaltszettel, entgeltabrechnung
    weihnachtsgeld, dreizehntes gehalt, jahressonderzahlung, sonderzahlung
    pramie, bonus, zulage, zuschlag
    gehaltserhohung, lohnerhohung, erhohung
    chef, chefin, vorgesetzter, vorgesetzte, vorgesetzten, fuhrungskraft, leitung, abteilungsleiter, teamleiter
    geschaftsfuhrung, geschaftsleitung, vorstand
    mitarbeiter, mitarbeitende, beschaftigte, beschaftigter, arbeitnehmer, angestellte, personal, belegschaft
    kollege, kollegin, kollegen
    neue mitarbeiter, neuer mitarbeiter, einstieg, einarbeitung, onboarding, erster tag
    austritt, ausscheiden, offboarding, letzter arbeitstag, kundigung, kundigen
    personalabteilung, personalwesen, hr, personal
    it, edv, it-abteilung, informationstechnik
    it-support, helpdesk, servicedesk, it-hotline, benutzerservice
    betriebsrat, personalrat, mitarbeitervertretung
    stelle, job, arbeitsplatz, position, posten
    probezeit, einarbeitungszeit
    kundigungsfrist, frist
    rente, altersvorsorge, pension, betriebsrente, ruhestand
    krankenkasse, krankenversicherung
    arzt, betriebsarzt, arztin, arzttermin
    arbeitsunfall, unfall, verletzung, verletzt, wegeunfall
    schwerbehinderung, schwerbehindert, behinderung
    beschwerde, beschweren, reklamation
    mobbing, belastigung, diskriminierung
    weiterbildung, fortbildung, schulung, kurs, seminar, training, lehrgang, bildungsurlaub
    mitarbeitergesprach, jahresgesprach, beurteilung
    passwort, kennwort, pw, pwd, zugangscode, pin, losungswort
    benutzername, benutzerkennung, login, anmeldename
    konto, account, benutzerkonto, zugang
    anmelden, einloggen, login, anmeldung, einwahlen
    abmelden, ausloggen, logout
    zwei-faktor, 2fa, mfa, zweifaktor, zweiter faktor, authentifizierung
    gesperrt, sperren, entsperren, sperre
    laptop, notebook, rechner, computer, pc, dienstlaptop, endgerat, gerat
    handy, mobiltelefon, smartphone, diensthandy, telefon
    bildschirm, monitor
    usb-stick, usb stick, stick, speicherstick, wechseldatentrager
    festplatte, datentrager
    drucker, drucken, ausdruck
    software, programm, anwendung, app
    installieren, installation, aufspielen
    update, aktualisierung, aktualisieren, patch
    virus, schadsoftware, malware, trojaner
    phishing, betrug, verdachtige mail, spam
    hackerangriff, cyberangriff, sicherheitsvorfall, datenpanne
    mail, e-mail, email, mails, emails
    postfach, mailbox, posteingang
    abwesenheitsnotiz, abwesenheitsassistent, automatische antwort, out of office
    wlan, wifi, wi-fi, internet, funknetz
    vpn, fernzugriff
    datensicherung, backup, sichern, sicherung
    datei, dateien, dokument, dokumente, unterlagen
    loschen, entfernen, vernichten, entsorgen, entsorgung, vernichtung
    speichern, ablegen, aufbewahren, aufbewahrung, ablage
    byod, privates gerat, private gerate, eigenes gerat, privatgerat
    vertraulich, geheim, sensibel
    dsgvo, datenschutz, personenbezogene daten
    ausweis, dienstausweis, mitarbeiterausweis, zutrittskarte, chipkarte, badge
    schlussel, schliessung, transponder
    besucher, gast, gaste, besuch
    buro, geschaftsstelle, gebaude, standort
    besprechungsraum, konferenzraum, sitzungsraum, meetingraum, sitzungszimmer
    besprechung, meeting, sitzung, termin
    videokonferenz, videocall, online-meeting, telefonkonferenz
    schreibtisch, arbeitsplatz
    parkplatz, parken, tiefgarage, stellplatz, parkhaus
    kantine, mensa, mittagessen, essen, speiseplan, casino
    kuche, teekuche
    fahrrad, rad, jobrad, dienstrad, dienstfahrrad
    auto, pkw, fahrzeug, wagen
    dienstwagen, firmenwagen, geschaftswagen
    jobticket, fahrkarte, monatskarte, deutschlandticket
    bahn, zug, zugfahrt
    bus, nahverkehr, offentliche verkehrsmittel, opnv
    dienstreise, geschaftsreise, reise
    ausland, auslandsreise, im ausland
    hotel, ubernachtung, unterkunft
    flug, flugreise, flugticket, fliegen
    tagegeld, verpflegungspauschale, verpflegungsmehraufwand, spesen, tagessatz
    reisekosten, reisekostenabrechnung, spesenabrechnung, spesen, auslagen
    erstattung, erstatten, ruckerstattung, zuruckbekommen, ersetzt
    beleg, quittung, rechnung, bon
    kreditkarte, firmenkreditkarte
    kaufen, einkaufen, beschaffen, beschaffung, bestellen, bestellung, anschaffen
    preis, kosten, gebuhr, kostet
    zuschuss, forderung, beihilfe, unterstutzung
    rabatt, nachlass, vergunstigung, verganstigungen
    steuer, steuern, lohnsteuer
    genehmigen, genehmigung, freigeben, freigabe, zustimmung, erlaubnis, bewilligen, zustimmen
    erlaubt, gestattet, zulassig, durfen, darf
    verboten, untersagt, nicht erlaubt, unzulassig, nicht gestattet
    pflicht, verpflichtend, vorgeschrieben, verbindlich, obligatorisch, muss
    zustandig, verantwortlich, ansprechpartner, kontakt
    melden, mitteilen, informieren, bescheid geben, anzeigen, bescheid sagen
    kontaktieren, erreichen, wenden, kontakt
    anrufen, telefonieren, telefonnummer, rufnummer, durchwahl
    formular, vordruck, antragsformular, vorlage
    antrag, beantragen, anfrage, ersuchen
    frist, stichtag, abgabetermin, deadline, termin
    absagen, stornieren, widerrufen, abbestellen
    andern, wechseln, anpassen, anderung
    verlangern, erneuern, verlangerung
    abgelaufen, ungultig, ablaufen, lauft ab
    verloren, verlust, abhanden, gestohlen, geklaut, weg
    kaputt, defekt, beschadigt, storung, reparatur
    notfall, dringend
    feuer, brand, brandfall, feueralarm, evakuierung, raumung
    erste hilfe, ersthelfer
    rauchen, zigarette, raucher
    alkohol, bier
    kleiderordnung, kleidung, dresscode
    geschenk, geschenke, zuwendung, zuwendungen
    hinweisgeber, whistleblower, meldestelle
    soziale medien, social media
    offnungszeiten, servicezeiten, geoffnet
    adresse, anschrift
    monatlich, jeden monat, pro monat, im monat
    wochentlich, jede woche, pro woche, in der woche
    taglich, jeden tag, pro tag, am tag
    jahrlich, jedes jahr, pro jahr, im jahr
    maximal, hochstens, maximum, bis zu, obergrenze, hochstbetrag
    mindestens, minimum, wenigstens
    zurucksetzen, neu setzen, entsperren
    garantie, gewahrleistung
    lieferung, versand, lieferzeit, liefern
    umtausch, ruckgabe, zuruckgeben, retoure
    kunde, kundin, kunden, auftraggeber`,
};
