import type { Vocabulary } from "./vocabulary.ts";

export const DUTCH: Vocabulary = {
  light: `aan achter af al alle alleen alles als altijd ander andere anders beetje ben beter bijna binnen boven buiten daar
    daarna dag dagen dan deel dingen ding doe doen doet door dus echt een eens eerst eerste eerder eigen elk elke enige
    erg erover etc even ga gaan gaat geef geen geld gebeurt geven gewoon goed goede graag groot grote haar had hebt heel
    hele hem hen hier hoeft hoelang hun iedereen iemand iets ik jaar jaren ja je jullie kleine klein kom komen komt krijg
    krijgen krijgt kun kunt laat laatste lang langer later leuk liever maak maken maakt maand maanden maar maximaal meer
    meest meestal men mensen met mij mijne minder minuten misschien moeten moment mogelijk mogen morgen na naar naast
    natuurlijk nee nemen nieuw nieuwe niemand niets nodig nog nooit normaal nou nu of ofzo ok omdat ons onze ook opnieuw
    over paar pas persoon personen per plaats precies regel regels samen snel soms soort staan staat steeds straks
    tegen terug tijd tijdens toch toen tot tussen uren uur vaak van vanaf vandaag veel verder verschillende via vinden
    vind volgende vooraf voordat voortaan vraag vragen waarop waarmee waarvan wat week weken weer weg weinig wel wil
    willen worden wordt ze zeggen zeer zelf zelfs zich zien zit zo zoals zoeken zoek zonder zou zullen zal zulke`,
  forms: `aanvragen vraag vraagt aangevraagd aanvraag aanvragen
    bellen belt gebeld
    betalen betaald betaling betaalt
    breken gebroken
    brengen bracht gebracht
    declareren declaratie declaraties gedeclareerd
    eten gegeten
    gaan ging gegaan
    geven gaf gegeven
    goedkeuren goedgekeurd goedkeuring
    hebben heeft had gehad
    huren gehuurd huur
    inloggen ingelogd
    komen kwam gekomen
    kopen koopt kocht gekocht aankoop
    krijgen kreeg gekregen
    lenen geleend
    lezen las gelezen
    melden meldt gemeld melding
    nemen neemt nam genomen
    opzeggen opgezegd opzegging
    overlijden overleden dood sterven
    parkeren geparkeerd
    reizen gereisd reis
    roken gerookt
    schrijven schreef geschreven
    sluiten sloot gesloten sluiting
    spreken sprak gesproken
    staan stond gestaan
    stelen stal gestolen diefstal
    sturen stuurde gestuurd
    trouwen getrouwd huwelijk bruiloft
    vallen gevallen
    vergeten vergat
    vergoeden vergoed vergoeding
    verkopen verkocht verkoop
    verlengen verlengd verlenging
    verliezen verloor verloren verlies
    verlopen verloopt
    vertrekken vertrok vertrek
    vinden vond gevonden
    vliegen vloog gevlogen vlucht vluchten
    werken gewerkt werk
    weten wist geweten
    ziek ziekte
    ontslaan ontslagen ontslag
    lang lengte
    hoog hoogte`,
  synonyms: `vakantie, verlof, vakantiedagen, vrije dagen, vrij nemen, verlofdagen
    ziek, ziekte, ziekmelding, ziekmelden, ziekteverlof, ziekteverzuim
    zwangerschapsverlof, zwanger, zwangerschap, bevallingsverlof
    ouderschapsverlof, vaderschapsverlof, geboorteverlof, partnerverlof
    overlijden, rouwverlof, begrafenis
    bijzonder verlof, calamiteitenverlof, zorgverlof
    kind, kinderen, baby, zoon, dochter
    kinderopvang, creche
    thuiswerken, telewerken, vanuit huis, hybride werken, op afstand
    werktijden, werktijd, arbeidstijden, rooster
    overwerk, overuren, meeruren
    salaris, loon, inkomen, beloning
    loonstrook, salarisstrook, loonstrookje
    bonus, premie, toeslag, gratificatie, dertiende maand
    baas, leidinggevende, manager, chef, teamleider
    medewerker, medewerkers, werknemer, werknemers, personeel, collega
    collega, collegas
    nieuwe medewerker, onboarding, eerste dag, indiensttreding
    ontslag, opzegging, uitdiensttreding, laatste werkdag, offboarding
    hr, personeelszaken, p&o, human resources
    ict, it, helpdesk, servicedesk, automatisering
    functie, baan, werk, positie
    proeftijd
    opzegtermijn
    pensioen, aow
    zorgverzekering, ziektekostenverzekering
    dokter, huisarts, bedrijfsarts, arts
    ongeval, ongeluk, letsel
    klacht, klachten
    pesten, intimidatie, discriminatie
    opleiding, cursus, training, scholing
    beoordeling, functioneringsgesprek
    wachtwoord, ww, password, pincode, toegangscode
    gebruikersnaam, inlognaam
    account, profiel
    inloggen, aanmelden, login, toegang
    uitloggen, afmelden
    2fa, mfa, tweefactor, tweestapsverificatie
    geblokkeerd, blokkeren, vergrendeld
    laptop, computer, pc, notebook, apparaat
    telefoon, mobiel, smartphone, gsm
    scherm, monitor, beeldscherm
    usb-stick, usb stick, geheugenstick
    printer, printen, afdrukken
    software, programma, applicatie, app
    installeren, installatie
    update, bijwerken, patch
    phishing, oplichting, fraude
    mail, e-mail, email
    mailbox, postvak, inbox
    afwezigheidsbericht, out of office, automatisch antwoord
    wifi, wi-fi, internet, draadloos netwerk
    backup, back-up, reservekopie
    bestand, bestanden, document, documenten
    verwijderen, wissen, vernietigen, weggooien
    opslaan, bewaren
    byod, eigen apparaat, prive-apparaat
    vertrouwelijk, geheim, gevoelig
    avg, gdpr, privacy, persoonsgegevens
    pas, toegangspas, badge, pasje
    bezoeker, bezoekers, gast, bezoek
    kantoor, gebouw, vestiging, locatie
    vergaderzaal, vergaderruimte, vergaderkamer
    vergadering, meeting, overleg
    parkeren, parkeerplaats, parkeergarage
    kantine, bedrijfsrestaurant, lunch
    fiets, leasefiets
    auto, leaseauto, voertuig
    trein, bus, openbaar vervoer, ov
    reis, dienstreis, zakenreis
    reiskosten, reiskostenvergoeding, woon-werkverkeer
    buitenland
    hotel, overnachting, verblijf
    vlucht, vliegen, vliegticket
    onkosten, declaratie, vergoeding, terugkrijgen
    bon, bonnetje, factuur, rekening
    kopen, aanschaffen, bestellen, inkoop
    prijs, kosten, tarief
    subsidie, bijdrage, tegemoetkoming
    goedkeuring, toestemming, akkoord, goedkeuren
    toegestaan, mag, geoorloofd
    verboden, niet toegestaan
    verplicht, moet, verplichting
    verantwoordelijk, contactpersoon
    melden, doorgeven, informeren
    bellen, telefoonnummer, telefoneren
    formulier, aanvraagformulier
    aanvraag, aanvragen, verzoek
    deadline, termijn, uiterste datum
    annuleren, afzeggen, opzeggen
    wijzigen, veranderen, aanpassen
    verlengen, vernieuwen, verlenging
    verlopen, ongeldig
    kwijt, verloren, verlies, gestolen
    kapot, defect, stuk, storing
    noodgeval, spoed, nood
    brand, ontruiming, evacuatie
    ehbo, eerste hulp, bhv
    roken, sigaret
    kleding, kledingvoorschrift
    cadeau, geschenk, geschenken
    openingstijden, openingsuren, open
    maandelijks, per maand, elke maand
    wekelijks, per week, elke week
    dagelijks, per dag, elke dag
    jaarlijks, per jaar, elk jaar
    maximaal, hoogstens, maximum, tot
    minimaal, minstens, minimum, ten minste`,
};
