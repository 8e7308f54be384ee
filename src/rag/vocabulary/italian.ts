import type { Vocabulary } from "./vocabulary.ts";

export const ITALIAN: Vocabulary = {
  light: `abbastanza accade adesso alcun alcune alcuni allora almeno altra altre altri altro anche ancora andare anni
    anno anzi appena avere aver avete aveva avanti bene bisogna buona buongiorno buono capita caso casi cerca cercare
    certo che chiedere chiunque ci ciao ciascuno circa cioe come comunque contro cosi cui da dai dagli dalle dare
    davvero deve devono dentro deve di dice differenza diverso diversi dopo dopodiche dov dovrebbe dovrei due durante
    ecco egli entrambi esempio esiste essere esse essi fa facciamo facile faccio fai fanno fare fatto fin fine fino
    forse fra fuori generale gente gia giorni giorno giusto gli grande grandi grazie hai inizio infatti inoltre
    insieme intero invece io iniziare lasciare lavoro lei loro lui lungo ma mai male mattina me meglio meno mentre
    mesi mese mettere mezzo mia mie miei minuti minuto modo molta molte molti molto momento necessario nello nessun
    nessuna nessuno niente noi nome normale normalmente nostra nostro nulla nuova nuove nuovi nuovo numero oggi ogni
    ognuno oltre oppure ora ore ottenere parte passare per perche persona persone piccolo piu poca pochi poco poi
    poiche poter potrebbe potrei possibile possono prende prendere presso prima primo proprio puoi qualche qualcosa
    qualcuno qualsiasi qualunque quasi quel quella quelle quelli quello qui quindi regola regole ricevere riguardo
    rispetto sa sapere se sebbene secondo sei sempre senza sera serve servire settimana settimane sia siamo siete
    solo sola soltanto sopra sotto sta stare stata stato stati stesso su subito sua sue sui sul sulla suo suoi
    succede tale tanto te tempo tenere ti tipo tipi tra troppo trovare trovo tua tue tuo tutta tutte tutti tutto
    ultimo usare usa uso va vado vai vanno varie vari vedere veloce velocemente venire vero verso viene voglio voi
    volta volte vorrei vostra vostro domani ieri`,
  forms: `andare vado va vanno andato
    aprire apro apre aperto aperta apertura
    avere ho ha hanno avuto
    bere bevo beve bevuto
    chiedere chiedo chiede chiesto chiesta richiesta richieste richiedere richiesto
    chiudere chiudo chiude chiuso chiusura
    concedere concesso concessione
    correre corso
    decidere deciso decisione
    dire dico dice detto
    dovere devo deve devono dovuto
    esprimere espresso
    essere sono e stato stata
    fare faccio fa fanno fatto
    giungere giunto
    leggere letto lettura
    mettere messo
    morire muoio muore morto morte decesso deceduto
    muovere mosso
    nascere nato nata nascita
    offrire offro offerto offerta
    ottenere ottengo ottiene ottenuto
    pagare pago paga pagato pagamento pagamenti
    perdere perdo perde perso persa perduto perdita
    permettere permesso permessi
    piangere pianto
    potere posso può possono potuto
    prendere prendo prende preso presa
    proteggere protetto protezione
    rendere reso resa
    ridurre riduco ridotto riduzione
    rimanere rimango rimasto
    rimborsare rimborso rimborsi rimborsato
    rispondere risposto risposta
    rompere rotto rotta rottura
    rubare rubato rubata furto
    salire salgo
    sapere so sa sanno
    scadere scade scaduto scaduta scadenza
    scegliere scelgo scelto scelta
    scendere sceso
    scrivere scritto
    spegnere spento
    spendere speso spesa spese
    spostare spostato spostamento
    succedere successo
    tenere tengo tiene tenuto
    togliere tolgo tolto
    trascorrere trascorso
    uscire esco esce uscita
    vedere vedo visto vista
    venire vengo viene venuto
    vincere vinto
    vivere vissuto vita
    volare volo voli
    volere voglio vuole vogliono
    malato malata malattia
    approvare approva approvato approvazione
    assumere assunto assunta assunzione
    iscrivere iscritto iscrizione
    sposare sposato matrimonio nozze
    lungo lunghezza
    alto altezza`,
  synonyms: `ferie, vacanze, giorni liberi, giorni di ferie, riposo
    permesso, permessi, congedo, aspettativa, rol
    malattia, malato, certificato medico, assenza per malattia, mutua
    maternità, congedo di maternità, gravidanza, incinta
    paternità, congedo di paternità, padre, congedo parentale
    lutto, decesso, morte, funerale
    matrimonio, nozze, congedo matrimoniale
    figlio, figlia, figli, bambino, bambini, neonato
    asilo, nido, asilo nido
    smart working, smartworking, lavoro agile, telelavoro, lavoro da remoto, da casa, lavoro a distanza, remoto
    orario, orario di lavoro, turno, turni
    orario flessibile, flessibilità
    straordinario, straordinari, ore extra
    stipendio, salario, paga, retribuzione, compenso
    busta paga, cedolino, cedolino paga
    premio, bonus, gratifica, incentivo
    tredicesima, mensilità aggiuntiva
    capo, responsabile, superiore, manager, direttore, dirigente
    dipendente, dipendenti, lavoratore, lavoratori, personale, impiegato, impiegati
    collega, colleghi
    nuovo assunto, nuovi assunti, neoassunto, primo giorno, inserimento, onboarding
    dimissioni, dimettersi, uscita, ultimo giorno, cessazione
    licenziamento, licenziato
    hr, risorse umane, ufficio personale
    it, informatica, supporto informatico, assistenza tecnica, helpdesk, help desk, service desk
    lavoro, impiego, posizione, posto
    contratto, accordo
    periodo di prova, prova
    preavviso, termine di preavviso
    pensione, pensionamento, tfr
    assicurazione sanitaria, sanità integrativa
    medico, dottore, visita medica
    infortunio, incidente
    disabilità, invalidità
    reclamo, lamentela, segnalazione
    molestie, mobbing, discriminazione
    formazione, corso, corsi, addestramento
    valutazione, valutazione delle prestazioni
    password, pw, parola chiave, codice di accesso, pin
    utente, nome utente, username
    account, profilo
    accedere, accesso, login, entrare, connettersi
    uscire, logout, disconnettersi
    2fa, mfa, due fattori, autenticazione a due fattori, verifica in due passaggi
    bloccato, blocco, sbloccare, bloccare
    portatile, computer, pc, laptop, notebook, dispositivo
    cellulare, telefono, smartphone, telefonino
    schermo, monitor
    chiavetta, chiavetta usb, pendrive, memoria usb, supporto rimovibile
    stampante, stampare, stampa
    programma, software, applicazione, app
    installare, installazione
    aggiornamento, aggiornare, patch
    virus, malware
    phishing, truffa, frode
    email, e-mail, mail, posta, posta elettronica
    casella, casella di posta
    fuori ufficio, risposta automatica
    wifi, wi-fi, internet, rete wireless
    vpn, accesso remoto
    backup, copia di sicurezza
    file, documento, documenti
    eliminare, cancellare, distruggere, smaltire, smaltimento
    salvare, conservare, archiviare
    byod, dispositivo personale, dispositivi personali
    riservato, confidenziale, segreto
    gdpr, protezione dei dati, dati personali, privacy
    badge, tesserino, tessera
    visitatore, visitatori, ospite, ospiti
    ufficio, uffici, edificio, sede
    sala riunioni, sala
    riunione, riunioni, incontro
    videoconferenza, videochiamata
    parcheggio, parcheggiare, posto auto
    mensa, pranzo, pasto, pasti, bar
    buono pasto, buoni pasto, ticket restaurant
    bici, bicicletta
    auto, macchina, automobile, veicolo
    auto aziendale, macchina aziendale
    autobus, treno, mezzi pubblici, trasporto pubblico, metropolitana
    trasferta, viaggio, viaggio di lavoro, missione
    estero, all'estero
    albergo, hotel, alloggio, pernottamento
    volo, aereo
    diaria, indennità
    rimborso, rimborso spese, spese, nota spese, rimborsare
    fattura, ricevuta, scontrino
    carta di credito, carta aziendale
    comprare, acquistare, acquisto, ordine, ordinare
    prezzo, costo, tariffa, costa
    contributo, sussidio, agevolazione
    sconto, riduzione
    tassa, tasse, imposta
    approvare, approvazione, autorizzare, autorizzazione, consenso
    consentito, permesso, ammesso
    vietato, proibito, non consentito
    obbligatorio, obbligo, necessario
    responsabile, incaricato, referente
    avvisare, comunicare, informare, segnalare
    contattare, contatto, rivolgersi
    chiamare, telefonare, numero di telefono
    modulo, formulario, modello
    richiesta, richiedere, domanda
    scadenza, termine
    annullare, disdire, cancellare
    cambiare, modificare, modifica
    prorogare, proroga, rinnovare, rinnovo
    scaduto, scade, non valido
    perso, smarrito, smarrimento, rubato, furto
    rotto, guasto, danneggiato, riparare
    emergenza, urgente, urgenza
    incendio, evacuazione
    primo soccorso
    fumare, sigaretta, fumo
    abbigliamento, vestiti, dress code
    regalo, regali, omaggio, omaggi
    orari di apertura, orari, aperto
    indirizzo, ubicazione
    mensile, al mese, ogni mese
    settimanale, a settimana, ogni settimana
    giornaliero, al giorno, ogni giorno
    annuale, all'anno, ogni anno
    massimo, al massimo, fino a, limite
    minimo, almeno, come minimo
    garanzia
    consegna, spedizione
    cliente, clienti`,
};
