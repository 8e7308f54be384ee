import type { Vocabulary } from "./vocabulary.ts";

export const FRENCH: Vocabulary = {
  light: `abord aller ailleurs ainsi alors apres arrive arriver assez attendre aucun aucune aupres aussi autre autres
    avant avez avoir bas beaucoup besoin bien bon bonne bonjour car cas cela celle celui certain certaine certains cest
    chaque chercher chez chose choses comme commencer comprendre concernant contre coup court cours dabord deja depuis
    dernier derniere dessous dessus devoir devrait different differente differents dire dites dit doivent donc donner
    droit droits duree durer dure elle encore ensuite entre entrer environ etc etre eux exactement exemple existe expliquer
    facon faire fait faites fais falloir faut fin fois font force gens grand grande gros heure heures hier hors ici
    important impossible jamais je jour jours juste jusqu jusque la laisser lequel laquelle lesquels leur leurs lieu long
    longtemps longueur lorsque lui maintenant mais mal maniere manque maximal maximale maxi maximum meilleur meme memes
    merci mettre mieux mini minimal minimale minimum mieux moi moins mois moment monde mot mots moyen necessaire ni
    nombre nombreux non normal normalement notre nos nouveau nouveaux nouvelle nouvelles numero obligatoire obtenir
    occuper ok ou oui ouvert ouvrir pareil parce parfois parler partie partir partout passer pendant penser personne
    personnes petit petite peu peut peuvent plein plus plusieurs plutot pouvoir possible pourrais pourrait pouvez
    premier premiere prendre prends prend pres presque prevenir probleme prochain prochaine propos propre puis puisque
    qualite quelqu quelque quelques quelconque quoi quoique raison rapide rapidement recevoir reste rester rien sais
    sait sans savoir selon sens sera serai seul seule seulement si sinon soit sont sorte souvent suis suite suivant
    suivante super sur surtout tant tard tel telle tellement temps tenir tient toi tot toujours tous tout toute toutes
    tres trop trouver truc trucs tu type un une uniquement utiliser utilise va vas vais venir vers vers veut veux viens
    vient vite voici voila voir vois voit voudrais vouloir voulez vrai vraiment an ans annee annees semaine semaines
    minute minutes seconde aujourd hui demain est-ce combien`,
  forms: `aller va vas vais vont allez irai ira
    avoir ai as a avons avez ont aura aurai eu
    être suis est sommes etes sont sera serai été
    faire fait fais faites font fera ferai
    pouvoir peux peut pouvons pouvez peuvent pourra pourrai pourrais
    devoir dois doit devons devez doivent devra devrai
    vouloir veux veut voulons voulez veulent voudra voudrais
    savoir sais sait savons savez savent saura su
    venir viens vient venons venez viennent viendra venu venue venues venus
    tenir tiens tient tenons tenez tiennent tiendra tenu
    obtenir obtiens obtient obtenez obtiennent obtenu obtention
    prendre prends prend prenons prenez prennent prendra pris prise
    mettre mets met mettons mettez mettent mettra mis mise
    permettre permet permis permission
    recevoir reçois reçoit recevons recevez reçoivent recevra reçu reçue réception
    payer paie paies paient paye payes payer payée paiement paiements
    envoyer envoie envoies envoient enverra envoi envois
    essayer essaie essaies essaient essai
    employer emploie emploient emploi
    perdre perds perd perdent perdu perdue perte
    rendre rends rend rendent rendu restitution
    vendre vend vendent vendu vente
    répondre réponds répond répondez répondent répondu réponse réponses
    écrire écris écrit écrivez écrivent écriture
    lire lis lit lisez lisent lu lecture
    dire dis dit dites disent
    ouvrir ouvre ouvrez ouvrent ouvert ouverte ouverts ouverture
    offrir offre offert
    partir pars part partez partent parti départ
    sortir sors sort sortez sortent sorti sortie
    finir finis finit finie fini fin
    choisir choisis choisit choisissez choix
    mourir meurt mort morte décès décédé décédée
    naître naît né née naissance naissances
    vivre vis vit vivent vécu vie
    connaître connais connaît connu connaissance
    conduire conduis conduit conduite
    courir cours court courent couru
    suivre suis suit suivez suivent suivi
    voir vois voit voyez voient vu vue
    boire bois boit boivent bu boisson
    travail travaux travailler
    cheval chevaux
    journal journaux
    mensuel mensuelle mensuels mensuelles
    oeil yeux
    acheter achete achat achats
    demander demande demandes
    durer dure durée
    voler volé vol
    arrêter arrete arrêt
    absent absente absence absences
    annuler annule annulation
    embaucher embauche
    rembourser rembourse rembourses remboursement remboursements
    renouveler renouvelle renouvellement
    activer active activation
    expirer expiré expiration
    réserver réservé réservation
    inscrire inscris inscrit inscrite inscription
    résilier résilié résiliation
    signer signe signature
    déclarer déclaré déclaration
    autoriser autorisé autorisation
    nommer nomme nom nommage
    long longue longueur
    large largeur
    haut haute hauteur`,
  synonyms: `congés, congés payes, vacances, cp, jours de congé, absence, absences
    rtt, réduction du temps de travail, jours de repos
    arrêt maladie, congé maladie, malade, maladie, arrêt de travail
    congé maternité, congé mat, maternité, grossesse, enceinte, mat
    congé paternité, paternité, père, papa
    mère, maman
    décès, deuil, mort, obseques
    mariage, pacs
    télétravail, travail a distance, travailler a distance, travail a domicile, remote, a distance, de chez moi
    enfant, enfants, bébé, fils, fille
    crèche, garderie, garde d'enfants
    allaiter, allaitement
    salaire, rémunération, paie, paye, revenu, revenus, gagner, gagne, gain
    tarif, prix, coût, coûter, coûte, montant, frais, combien coûte
    tjm, taux journalier moyen, taux journalier, tarif journalier
    fiche de paie, bulletin de paie, bulletin de salaire
    prime, bonus, gratification
    patron, chef, manager, responsable, supérieur, n+1, supérieur hiérarchique
    collègue, collègues, collaborateur, collaborateurs
    employé, salarié, salariés, personnel, agent, agents
    nouveau, nouvel arrivant, nouveaux arrivants, débutant, junior, novice
    senior, expérimenté, confirmé, expert
    développeur, développeuse, dev, devs, développeurs
    freelance, indépendant, indépendante, prestataire, auto-entrepreneur
    rh, ressources humaines
    informatique, service informatique, support informatique, dsi, helpdesk
    embauche, recrutement, recruter, embaucher
    arrivée, onboarding, accueil
    départ, offboarding, démission, démissionner, quitter, partir
    licenciement, licencier, vire
    virer, supprimer, retirer, enlever, exclure, effacer, suppression
    contrat, convention
    période d'essai, essai
    préavis, délai de préavis
    retraite, pension
    mutuelle, complémentaire santé, assurance santé
    médecin, docteur, certificat médical
    accident, blessure, blesse
    handicap, rqth, handicapé
    formation, cours, stage, apprentissage
    entretien annuel, évaluation, entretien
    poste, emploi, fonction, métier
    mdp, mot de passe, mots de passe, code secret, password
    identifiant, identifiants, login, nom d'utilisateur
    compte, profil
    se connecter, connexion, authentification, acceder, accès
    2fa, mfa, double authentification, double facteur, deux facteurs, authentification a deux facteurs
    ordinateur, pc, portable, ordinateur portable, poste de travail, laptop, ordi
    téléphone, mobile, smartphone, portable, tel, gsm
    écran, moniteur
    clé usb, clés usb, support amovible
    imprimante, imprimer, impression
    logiciel, application, appli, outil, programme
    installer, installation
    mise a jour, mettre a jour, maj
    virus, malware, pirate, piratage, hacker
    hameçonnage, phishing, arnaque
    email, e-mail, mail, mails, courriel, courriels, courrier électronique, messagerie, boite mail, adresse mail
    message d'absence, réponse automatique
    wifi, wi-fi, internet, réseau sans fil, réseau
    vpn, accès distant
    sauvegarde, sauvegarder, backup
    fichier, fichiers, document, documents
    rgpd, protection des données, données personnelles
    confidentiel, sensible, secret
    byod, appareil personnel, equipement personnel
    coffre-fort, coffre, gestionnaire de mots de passe
    chat, messagerie instantanée, discussion
    badge, carte d'accès, carte
    visiteur, visiteurs, invité, visite
    bureau, bureaux, locaux, bâtiment, immeuble, site
    salle de réunion, salle
    réunion, réunions, rendez-vous, rdv
    visio, visioconference, visioconf
    parking, garer, stationnement, place de parking
    cantine, restaurant, restauration, déjeuner, manger, repas
    frigo, réfrigérateur
    cuisine, cafeteria
    vélo, bicyclette, vélos
    voiture, véhicule, auto
    train, transport, transports, transports en commun, métro, bus
    déplacement, déplacements, voyage, mission
    étranger, hors de france, autre pays
    hotel, hébergement, logement, nuit
    billet, billets
    note de frais, notes de frais, remboursement, rembourser, défraiement, prise en charge, pris en charge
    facture, facturation, factures
    payer, paie, paiement, régler, règlement, prise en charge, pris en charge
    acheter, achat, commande, commander, approvisionnement
    budget, enveloppe, financement
    ticket restaurant, tickets restaurant, titre-restaurant, titres-restaurant, chèque déjeuner
    aide, subvention, allocation
    impôt, impôts, taxe
    valider, validation, approuver, approbation, accord, autoriser, autorisation
    permis, autorisé, possible, droit
    interdit, défendu, pas autorisé
    obligatoire, impose, exigé, requis
    responsable, en charge, charge de
    signaler, prévenir, avertir, informer, annoncer, déclarer
    contacter, contact, joindre, écrire
    formulaire, modèle, gabarit
    demande, demander, solliciter
    délai, date limite, échéance
    annuler, annulation, arrêter, résilier
    modifier, changer, changement
    prolonger, prolongation, renouveler, renouvellement
    périmé, expiré, expiration, plus valide, échéance
    perdu, volé, perte, vol
    cassé, panne, en panne, abîmé, réparer
    urgence, urgent
    incendie, feu, évacuation
    premiers secours, secouriste
    fumer, tabac, cigarette
    horaire, horaires, heures d'ouverture, ouverture
    adresse, emplacement, ou se trouve
    mensuel, mensuelle, chaque mois, par mois, tous les mois
    hebdomadaire, chaque semaine, par semaine, toutes les semaines
    quotidien, chaque jour, par jour, tous les jours, journalier
    annuel, annuelle, chaque année, par an, tous les ans
    maximum, max, maxi, au plus, au maximum, plafond, limite
    minimum, min, mini, au moins, au minimum
    admin, administrateur, administrateurs, administratrice
    ancien, ex, précédent
    oublié, oublier, perdu
    prod, production
    preprod, preproduction, pre-production, recette, test
    url, adresse, lien, site
    faq, questions fréquentes, foire aux questions
    certif, certification, certifier
    orga, organisation
    info, information, infos, renseignement
    doc, documentation
    garantie, sav
    livraison, expédition, colis
    client, clients, usager, usagers, utilisateur`,
};
