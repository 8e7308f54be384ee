import type { TalkLanguage } from "../language.ts";

export const eng: TalkLanguage = {
  code: "eng",
  short: "en",
  slots: {
    person:
      "(a|an|the|any)? (real|actual|live|human|living)? (human|human being|person|people|human agent|agent|operator|representative|rep)|someone|somebody|some one|some body|someone (real|human|else)|somebody (real|human|else)|a colleague|a member of (the)? staff|staff|customer service|customer support|(your|the)? support (team)?",
    want: "i (would|d|really)? (like|want|need|prefer|wish) to|id (like|prefer) to|i wanna|i want|i need|(can|could|may|might|shall) i (please|just)?|can you (please)? (let me|get me|find me|give me|connect me to|transfer me to|put me through to)|let me|is it possible to|id rather|i d rather",
    talk: "(talk|speak|chat|write) (to|with)|(be)? (connected|transferred) (to|with)|get (connected|transferred)? to|reach|contact|get",
    very: "very|so|really|totally|completely|absolutely|fucking|freaking|bloody|damn|just|utterly|pretty",
    rude: "stupid|dumb|useless|worthless|idiotic|an idiot|idiot|a moron|moron|crap|crappy|shit|shitty|garbage|rubbish|trash|terrible|awful|horrible|pathetic|annoying|a joke|ridiculous|bullshit|bad|the worst|nonsense|hopeless|a waste of time|waste of time|no (help|good|use)",
  },
  beside: [
    "please|pls|plz",
    "there|all|everyone|everybody|folks|guys|team|again|now|then|well|oh|ah|um|uh|hmm|hm|so|just",
    "you|mate|my friend|friend|buddy|dear|man|bro|sir|madam|bot|chatbot|assistant|parley",
    "today|for (now|today)|very much|so much|a lot|much",
    "for (your|the|all your|all the) (help|time|answer|answers|info|information|reply|support)|for (helping|answering|that|this|it|everything)",
  ],
  phrases: {
    greeting: [
      "hi|hello|helo|hullo|hey|hiya|heya|howdy|yo|greetings|hey ya|hi ya",
      "good (morning|afternoon|evening|day)|morning|mornin|afternoon|evening|gm",
      "(is)? (anyone|anybody|somebody|someone) (there|here|home|around)|(are)? you there|(are)? u there",
      "(nice|pleased|good|glad) to meet you|good to see you|long time no see",
      "how do you do|whats up|what s up|wassup|sup|wazzup",
    ],
    "how-are-you": [
      "how (are|r) (you|u|ya) (doing|feeling)?|how is it going|how s it going|hows it going|how are things|how have you been|you ok|are you ok|how is your day|how s your day|hows your day",
    ],
    thanks: [
      "thanks|thank you|thank u|thankyou|thx|thnx|tnx|thks|thanx|tx|ty|tyvm|tysm|thnaks|cheers|much appreciated|(i)? (really)? appreciate (it|that|this)|much obliged|thank god",
      "many thanks|thanks a (lot|bunch|million|ton)|thank you (very|so) much|big thanks|ta",
      "(that s|thats|that is|that was|it was|this was) (very|really|so)? (helpful|useful|great help|a great help|kind)|(you|u) (have been|ve been|were|are) (very|so|really|most)? (helpful|kind|great|awesome|the best)",
      "(that s|thats|that is|that was) (all|everything|it|what) (i|that i|what i)? (needed|need|wanted|want|wanted to know|was looking for)|that helps|that helped|this helps|this helped (me)?|got what i needed|very helpful|helpful",
    ],
    goodbye: [
      "bye|bye bye|goodbye|good bye|byebye|bb|cya|see (you|ya|u) (later|soon|around|tomorrow|then)?|later|laters|ttyl|so long|farewell|take care|until (later|tomorrow|next time)|cheerio",
      "good night|goodnight|(have|enjoy) (a|your) (good|nice|great|lovely|pleasant|wonderful) (day|one|evening|weekend|night|afternoon|week)|have a good one|(have a)? (good|nice|great) weekend|i (have to|gotta|got to|need to|must) go|gotta go|gtg|i am done|i m done|im done",
    ],
    yes: [
      "yes|yeah|yep|yup|yea|ya|aye|sure|of course|definitely|certainly|absolutely|correct|right|exactly|yes (it is|i do|i am|i have|you can|that is right|that s right|indeed)|indeed|true|affirmative|that s (right|correct)|thats (right|correct)",
    ],
    no: [
      "no|nope|nah|nay|not really|no (thank you|thanks|need|i don t|it isn t)|nothing|nothing else|not at all|not now|not yet|never|no that s (all|it)|no thats (all|it)|that s (all|it)|thats (all|it)|no i am (good|fine)|no i m (good|fine)|im (good|fine)|i m (good|fine)|wrong",
    ],
    ok: [
      "ok|okay|okey|okey dokey|okie|okie dokie|k|kk|oki|alright|all right|alrighty|fine|got it|gotcha|i see|i understand|understood|i get it|makes sense|that makes sense|noted|good to know|sounds good|roger|will do|i know|fair enough|aha",
      "(that s|thats|that is|it s|its|this is|all|very|so|really)? (good|great|perfect|nice|cool|awesome|excellent|brilliant|wonderful|amazing|super|lovely|fantastic|neat|wow|fine|sweet)|well done|good job|great job|nice one|good bot|good answer|i like it",
      "sorry|oops|my bad|my mistake|never mind|nevermind|nvm|forget (it|that)|no problem|no worries|np|don t worry|you are welcome|you re welcome|youre welcome|lol|haha|hahaha|hehe|lmao|rofl|interesting",
    ],
    "who-are-you": [
      "(and)? (who|what) (are|r) (you|u)|who am i (talking|speaking|chatting|writing) (to|with)|who is this|who s this|whos this|who is there|who s there|identify yourself|introduce yourself",
      "(what s|whats|what is) (your|ur) name|do you have a name|your name|tell me (something|more)? about yourself|who (made|built|created|programmed|developed|trained|wrote|owns) you|where do you come from|where are you from",
      "(what|which) (ai|model|llm|language model|bot) are you|(are|r) (you|u) (chatgpt|chat gpt|gpt|gemini|copilot|siri|alexa|chat gpt 4)|how old are you|are you (new|male|female|a man|a woman)|what kind of (bot|assistant|ai) are you",
    ],
    "are-you-human": [
      "(are|r) (you|u) (a|an)? (real|actual|live)? (human|human being|person|robot|bot|machine|chatbot|computer|program|ai|real|alive|artificial intelligence) (or (a|an)? (real|actual)? (human|person|robot|bot|machine|chatbot|computer|program|ai|artificial intelligence|not))?",
      "am i (talking|speaking|chatting|writing) (to|with) (a|an)? (real)? (human|person|robot|bot|machine|computer|ai|human being|chatbot) (or (a|an)? (real)? (human|person|robot|bot|machine|computer|ai|chatbot))?",
      "(is|is there) (this|it|that)? (a|an)? (real)? (human|person|bot|robot|ai|chatbot|machine) (here|there|behind this|answering)?|you (are|re) (a|just a) (bot|robot|machine)|is this (automated|an automated service)",
    ],
    "what-can-you-do": [
      "what (can|could|do) (you|u) (do|help (me)? with|help|answer|offer|know|know about|tell me|know about me|assist (me)? with) (for me)?|what else can you (do|help with|tell me)",
      "what (can|could|should|may) i (ask|ask you|ask here|do here|do with you|ask you about|use you for|talk to you about)|what questions can (you answer|i ask|i ask you)|which questions can (you answer|i ask|i ask you)|what kind of questions can (you answer|i ask|i ask you)",
      "(what|which) (topics|subjects|areas|things|documents|sources) (do you (cover|know|know about|have)|can you (help with|answer|cover))|what are you (good)? for|what are your (capabilities|abilities|skills|features|functions)|what is your (purpose|job|function)|what s your (purpose|job)|whats your (purpose|job)",
      "how (can|could|may) you help (me|us)?|how do you work|how does this (chat|chatbot|bot|assistant) work|how do i use (you|this chat|this bot|this chatbot)|show me what you can do|tell me what you can do|your capabilities|what are you capable of|why are you here|what are you able to do",
    ],
    help: [
      "help|help me|(can|could|would|will) (you|u) (please)? help (me|us)?|(can|could) (someone|somebody|anyone) help (me|us)?|(i|we) (need|want|require) (some|your|a little|a bit of)? (help|assistance|support)|need (some)? help|i m (lost|stuck)|im (lost|stuck)|i am (lost|stuck)|sos|assist me|please assist",
      "(i|we) (have|ve|ve got|got) (a|one|another|some|a few|a quick|a small) (question|questions|problem|request|issue)|(can|may|could) i ask (you)? (something|a question|a quick question|one question|a few questions|anything|you something)|(quick|one|a) question|i (want|would like|d like) to ask (you)? (something|a question)|what do i do here|how does this work here|i don t know what to ask|can i ask",
    ],
    "a-person": [
      "$want $talk $person",
      "(please)? (talk|speak|chat) (to|with) $person",
      "how (can|do|could) (i|we) (talk|speak|chat) (to|with) (a|an|the)? (real|actual|live)? (human|person|human being|someone|somebody|agent|operator)",
      "(connect|transfer|put|forward|hand|pass) me (through|over|on)? to $person",
      "(i (would like|want|need|d like|prefer)|give me|get me|id like) (a|an|the)? (real|live|actual|human)? (human|person|human agent|agent|operator|representative|human being|live agent)",
      "(a|real|live|actual)? (real|live)? (human|human agent|real person|real human|live agent|live chat|live support|live person|actual person|actual human) (please)?|(a)? person please|no (bot|robot|machine|ai)|(is there|are there) (a|any|some)? (real|actual)? (human|person|people|someone|somebody|anyone) (i can|to|who i can|that i can) (talk|speak|chat|write) (to|with)|(can|could) (someone|somebody|a human|a person|a real person) (please)? (call|contact|get back to|help) me|i don t want (to talk to)? (a|the)? (bot|robot|machine|computer|ai)|human please|someone please",
    ],
    upset: [
      "(you|u|you guys) (are|re|r)? ($very)? ($very)? $rude|youre ($very)? $rude|(this|it|that|what you say) (is|s|was) ($very)? ($very)? $rude|thats ($very)? $rude|(what|such) (a|an)? (load of)? (fucking)? (stupid|dumb|useless|idiotic|crap|crappy|shitty|bullshit|rubbish|terrible|awful|pathetic|ridiculous|joke|waste of time|idiot|moron|nonsense) (bot|chatbot|assistant|tool|thing|answer|machine|ai|service|program|chat)?|($very)? (stupid|dumb|useless|idiotic|shitty|crappy|rubbish|terrible|bad|annoying) (bot|chatbot|assistant|tool|thing|answer|machine|ai|program|chat)",
      "fuck (you|u|off|this|that|it)?|fucking hell|wtf|what the (fuck|hell|heck)|screw you|shut up|shut the fuck up|go to hell|damn (you|it)?|shit|bullshit|crap|asshole|arsehole|bastard|bitch|idiot|moron|stupid|useless|i hate (you|this|it)|you suck|u suck|this sucks|it sucks|kiss my ass|piss off|get lost|go away|argh|grr|ugh|omg|for fucks sake|for fuck s sake|ffs|stfu",
      "(that|this|it) (did not|didn t|didnt|does not|doesn t|doesnt|won t|wont) help (me|at all)?|(that|this|it) (was|is|s) not (very|really)? (helpful|useful|what i (asked|meant|wanted))|(that|this) wasn t (helpful|useful|what i asked)|thats not (helpful|what i (asked|meant|wanted))|not (very)? helpful|not what i (asked|meant|wanted)|(you|that) (did not|didn t|didnt|does not|doesn t|don t|dont) (answer|understand) (me|my question|the question|anything)?|wrong answer|bad answer|that s (wrong|not true|not right|incorrect)|thats (wrong|not true|not right|incorrect)|you are (wrong|mistaken|not helping|no help)|you re (wrong|not helping)|you don t understand (me|anything)?|you understand nothing|you know nothing|i am (frustrated|annoyed|angry)|i m (frustrated|annoyed|angry)|im (frustrated|annoyed|angry)",
    ],
    test: [
      "test|(this is)? (just|only)? a test|(just|only) (a test|testing)|test test|testing testing|testing one two three|test test test|ping|(is this|does this|does it|is it) (thing)? (on|working|work)|hello world|just (testing|checking|trying) (this|it|you)? (out)?|i am (just|only)? testing (you|this|it)?|i m (just|only)? testing (you|this|it)?|im (just|only)? testing (you|this|it)?|do you work",
    ],
  },
  borrowed: { thanks: ["merci|gracias|grazie"], goodbye: ["ciao|adios|au revoir|auf wiedersehen"] },
  replies: {
    greeting: "Hello. What would you like to know?",
    "how-are-you": "I'm well, thank you for asking. What would you like to know?",
    thanks: "You're welcome. If anything else comes up, just ask.",
    goodbye: "Goodbye, and have a good day.",
    yes: "Good. Ask me whatever you would like to know.",
    no: "All right. If there is anything else, just ask.",
    ok: "Good. If there is anything else, just ask.",
    "who-are-you":
      "I'm {assistant}, the assistant of {organisation}. I'm a program that answers questions from its documents and shows where each answer stands.",
    "are-you-human":
      "I'm a program, an assistant that answers from the documents of {organisation}. No person is reading along as we write.",
    "what-can-you-do":
      "I answer questions from the documents of {organisation} and show the passage that each answer rests on.",
    topics: "They are about {topics}, for example.",
    aboutTopic: "What do you have on “{topic}”?",
    begin: "You could begin with one of these questions:",
    nothingYet:
      "I answer questions from the documents of {organisation}. There are none here yet, so come back a little later.",
    help: "Ask your question in a sentence, as you would ask a colleague, and I'll look for the answer in the documents of {organisation}.",
    "a-person": "A person can help you here: {contact}",
    noContact:
      "I can't put you through to a person from here. Tell me what it is about, and I'll look for the people in charge of it in the documents of {organisation}.",
    orAPerson: "Or ask a person: {contact}",
    upset: "I'm sorry that this wasn't helpful. Tell me in one sentence what you need, and I'll look again.",
    unclear: "I didn't understand that. Could you write it as a question, in a few words?",
    test: "It works. Ask a question whenever you like.",
  },
};
