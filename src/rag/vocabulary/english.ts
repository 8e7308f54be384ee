import type { Vocabulary } from "./vocabulary.ts";

export const ENGLISH: Vocabulary = {
  light: `able about above actually add after again against ago ahead all allow allowed almost alone along already also
    although always another answer any anybody anymore anyone anything anyway apply around ask away back bad because
    become before begin being below best better between beyond big bit both bring but call called came 
    check come completely correct course day decide different difference do doing done each early 
    either eat else end enough enter especially etc even ever every everybody everyone everything exact exactly exist
    explain far fast few find fine first follow following forever found full further gave getting
    give given go goes going gone good got great guess guys had happen happened happening happens hard hear hello help
    her here hey high him his hold hope hour hours idea im immediately inside instead into just keep kind
    knew know known large last late later latest least less let lets like likely little live long longer longest
    look looking lot lots low made main make makes making many matter maybe mean means meant min mine 
    minute minutes miss month months more most mostly much must necessary never new newest next nice
    nobody none normal normally nothing now obtain off often ok okay old once one ones only onto
    open other others otherwise ought our ours out outside over own particular people per perhaps person
    place please plus point possible possibly pretty prior probably problem proper properly put quick
    quickly quite rather real really reason receive recent recently regarding regular require required right
    said same saw say says see seem seems seen send sent set several shall shown show since single small so
    some somebody somehow someone something sometimes somewhere soon start starting stay step steps
    still stuff such suddenly sure take taken takes taking talk tell than thanks their them then therefore they
    theyre thing things think those though through thus til till time times today together told tomorrow tonight too
    took top toward towards tried true try trying turn twice under unless until up upon us use used useful using
    usual usually various very via wait wanna wanted wants was way ways week weeks well went were whatever whats
    whenever wheres whether while whole within without wont wonder word words work working works worth wrong yeah year
    years yes yesterday yet your youre yours youve ive dont doesnt didnt cant couldnt isnt arent wasnt gonna gotta ain
    ve ll re don doesn didn isn aren wasn won couldn wouldn shouldn hasn haven`,
  forms: `begin began begun
    break broke broken
    bring brought
    build built
    buy bought
    catch caught
    child children
    choose chose chosen choice
    come came
    cost costs
    die died dies dying death dead deceased
    draw drew drawn
    drive drove driven
    eat ate eaten
    fall fell fallen
    feel felt
    find found
    fly flew flown flight flights
    forbid forbade forbidden
    forget forgot forgotten
    freeze froze frozen
    get got gotten
    give gave given gift
    go went gone
    grow grew grown growth
    hear heard
    hide hid hidden
    hold held
    keep kept
    know knew known knowledge
    lay laid
    lead led
    leave left
    lend lent
    long length
    lose lost loses losing loss
    make made
    man men
    mean meant
    meet met
    pay paid pays payment
    person people
    ride rode ridden
    ring rang rung
    rise rose risen
    run ran
    see saw seen
    sell sold sale
    send sent
    shake shook shaken
    shut shuts
    sit sat
    sleep slept
    speak spoke spoken speech
    spend spent
    steal stole stolen theft
    strong strength
    swear swore sworn
    take took taken
    teach taught
    tell told
    think thought
    throw threw thrown
    understand understood
    wake woke woken
    wear wore worn
    weigh weight
    high height
    wide width
    deep depth
    win won
    woman women
    write wrote written
    wife wives
    half halves
    foot feet
    tooth teeth dental dentist
    renew renewal
    expire expires expired expiry expiration
    arrive arrival
    approve approves approved approval
    depart departure
    destroy destruction
    receive receipt reception
    respond response
    respond reply
    decide decision
    permit permission
    submit submission
    explain explanation
    describe description
    succeed success
    proceed procedure
    analyse analysis analyze
    authorise authorisation authorize authorization
    organise organisation organize organization
    encrypt encryption
    marry marries married marriage wedding
    absent absence
    sick sickness ill illness
    pregnant pregnancy
    safe safety
    secure security
    private privacy
    admin administrator administrators
    max maximum
    min minimum`,
  synonyms: `pto, paid time off, annual leave, vacation, holiday, holidays, time off, days off, leave
    sick day, sick days, sick leave, sickness absence, medical leave
    maternity leave, parental leave, paternity leave, maternity, paternity, new baby
    bereavement, death in the family, funeral, compassionate leave, die
    jury duty, juror, court leave, jury
    unpaid leave, leave without pay, lwop, sabbatical, leave of absence
    public holiday, bank holiday, federal holiday
    wfh, work from home, working from home, home working, telework, teleworking, telecommute, remote work, remote working, home office
    flexitime, flexible hours, flexible schedule, flexible working, flextime, variable schedule
    overtime, extra hours, additional hours
    toil, time off in lieu, comp time, compensatory time
    kid, kids, child, son, daughter, baby
    spouse, husband, wife, partner
    mum, mom, mother, dad, father, parent
    salary, pay, wage, wages, earnings, compensation, income
    payslip, pay slip, paystub, pay stub, paycheck, earnings statement, earnings and leave statement
    pay day, payday, pay date, payment date
    pay rise, raise, pay increase, salary increase, promotion
    bonus, award, incentive
    boss, manager, supervisor, line manager, superior, team lead, head of
    staff, employee, employees, personnel, worker, workers, team member
    colleague, coworker, co-worker, teammate, peer
    newbie, newbies, new hire, new hires, new employee, new employees, new starter, new joiner, newcomer
    onboarding, first day, joining, induction
    offboarding, leaving, exit, last day, quit, quitting, resign, resignation, departure, separation
    fired, dismissal, termination, terminated, laid off, redundancy
    hr, human resources, people operations, people ops, people team
    it, information technology
    it support, helpdesk, help desk, service desk, it desk
    hire, hiring, recruit, recruiting, recruitment
    job, position, role, post, employment
    applicant, candidate
    interview, interviewing
    journalist, reporter, press, media
    contract, agreement
    probation, probationary period, trial period
    notice period, notice
    retirement, pension, retire
    health insurance, medical insurance, health plan
    doctor, physician, gp, medical certificate, sick note
    injury, accident, hurt, injured
    disability, disabled, accessibility, reasonable accommodation
    grievance, complaint, complain
    harassment, bullying, discrimination
    training, course, learning, class, workshop
    appraisal, performance review, evaluation, annual review
    grade, level, band, pay grade
    pw, pwd, password, passwords, passcode, passphrase, code, pin
    username, user name, login name, user id
    account, profile
    login, log in, log on, logon, sign in, signing in
    logout, log out, log off, sign out
    2fa, mfa, two-factor, two factor, multi-factor, two-step verification, authenticator
    locked out, lock, locked, locking
    laptop, notebook, macbook, computer, pc, workstation, desktop, machine, device
    phone, mobile, cell phone, cellphone, mobile phone, smartphone, iphone, handset
    tablet, ipad
    screen, monitor, display
    usb, usb stick, usb drive, memory stick, flash drive, thumb drive, removable media
    hdd, hard drive, hard disk, disk, drive
    printer, printing, print
    software, app, application, program, tool
    download, install, installation, installing
    update, upgrade, patch, patching
    virus, malware, infected
    phishing, scam, fraud, bogus, suspicious email
    hacked, breach, compromised, security incident
    email, e-mail, mail, mails, emails
    inbox, mailbox, email account
    out of office, ooo, autoreply, automatic reply, auto-reply
    wifi, wi-fi, wireless, wlan, internet
    vpn, virtual private network, remote access
    network drive, shared drive, file share
    backup, backups, back up, backed up
    file, files, document, documents, data
    delete, remove, erase, wipe, destroy, dispose, disposal, get rid of, getting rid of, throw away, throw out
    save, store, storing, storage, keep
    share, sharing
    byod, bring your own device, own device, personal device, personal devices, own phone, own laptop, private phone
    confidential, sensitive, secret, classified
    gdpr, data protection, personal data, privacy
    badge, id card, access card, pass, keycard, key card, smartcard, smart card
    visitor, guest, visitors
    office, building, site, premises, location
    meeting room, conference room
    video call, videoconference, video conference, online meeting, videoconferencing
    desk, workplace, workspace
    parking, car park, park, garage
    canteen, cafeteria, restaurant, lunch, food, meal, meals
    kitchen, pantry, break room
    bike, bicycle, cycle, cycling
    car, vehicle
    bus, train, transit, public transport, commute, commuter, commuting
    trip, travel, business trip, journey, travelling
    abroad, overseas, foreign, foreign country, another country, outside the country
    hotel, accommodation, lodging
    flight, plane, airfare, air travel, fly
    per diem, daily allowance, subsistence
    expense, expenses, reimbursement, reimburse, refund, claim, paid back, get back my money
    receipt, invoice, bill
    credit card, purchase card, company card, corporate card
    buy, buying, purchase, purchasing, procure, procurement, order
    price, cost, fee, charge, rate
    budget, funding
    allowance, subsidy, benefit, grant, stipend
    discount, reduction
    tax, taxes
    approve, approval, authorise, sign off, permission, permitted, authorisation, consent, ok it
    allowed, allow, permitted, permit, may, can
    forbidden, prohibited, not allowed, banned, must not
    mandatory, compulsory, obligatory, required, must
    responsible, in charge, owner
    report, reporting, notify, inform, tell
    contact, reach, get in touch, phone number, email address
    phone, call, ring, telephone
    form, request form, application form, template
    request, apply, ask for, application
    deadline, due date, time limit
    cancel, cancelling, withdraw, stop, end
    change, modify, edit, alter
    extend, extension, prolong, renew, renewal
    quick, fast, quickly, soon
    start, begin, commence, starting
    finish, end, complete
    expire, expiry, run out, lapse
    lost, missing, stolen, mislaid, theft
    broken, damaged, faulty, defective, repair
    police, cops
    emergency, urgent
    fire, evacuation, fire alarm
    first aid, first aider
    smoke, smoking, cigarette
    alcohol, drink, drinking
    dress code, clothes, clothing, dress, wear
    gift, gifts, hospitality, present
    whistleblower, whistleblowing, speak up, raise a concern
    social media, twitter, facebook, linkedin
    website, web site, site, web page
    web, internet, online, browsing, browse, surf
    monitor, monitoring, track, tracking, watch
    minutes, min, mins
    hours, hrs
    carry over, carry forward, roll over, carryover
    reset, recover, change password
    forgotten, forget, cannot remember
    maximum, at most, no more than, up to, limit, longest, highest, upper limit
    minimum, at least, no less than, shortest, lowest
    monthly, every month, per month, each month
    weekly, every week, per week, each week
    daily, every day, per day, each day
    yearly, annual, annually, every year, per year, each year
    abbreviation, acronym, stands for
    faq, frequently asked questions
    sop, standard operating procedure, procedure
    kpi, key performance indicator
    nda, non-disclosure agreement, confidentiality agreement
    po, purchase order
    pa, personal assistant, assistant, secretary
    ceo, chief executive, managing director
    cio, chief information officer
    eap, employee assistance programme, counselling
    warranty, guarantee
    complaint, claim, return
    delivery, shipping, shipment, dispatch
    customer, client`,
};
