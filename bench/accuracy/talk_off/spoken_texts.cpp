// SPDX-License-Identifier: MIT
#include "bench/accuracy/talk_off/spoken_texts.hpp"

#include <array>

namespace keytone::accuracy {

std::span<const SpokenText> spoken_texts() {
    // clang-format measures the width of these scripts inconsistently.
    // clang-format off
    static constexpr std::array texts{
        SpokenText{
            "af",
            "Goeiemôre, u praat met die kliëntediens. Al ons medewerkers is tans besig. Bly asseblief "
            "op die lyn, of laat u naam en nommer ná die sein agter. My suster woon al jare naby die see "
            "en kom net in die winter kuier."},
        SpokenText{
            "ar",
            "صباح الخير، أنتم تتحدثون مع خدمة الزبائن. جميع موظفينا مشغولون الآن، يرجى الانتظار على الخط "
            "أو ترك الاسم ورقم الهاتف بعد الإشارة. تسكن أختي قرب البحر منذ سنوات طويلة ولا تزورنا إلا في "
            "الشتاء."},
        SpokenText{
            "az",
            "Sabahınız xeyir, siz müştəri xidməti ilə danışırsınız. Bütün əməkdaşlarımız hazırda məşğuldur. "
            "Zəhmət olmasa xətdə qalın və ya siqnaldan sonra adınızı və nömrənizi deyin. Bacım illərdir "
            "dəniz kənarında yaşayır."},
        SpokenText{
            "bg",
            "Добро утро, свързахте се с отдела за клиенти. В момента всички наши служители са заети. Моля, "
            "изчакайте на линията или оставете името и номера си след сигнала. Сестра ми живее край морето "
            "от години и идва само през зимата."},
        SpokenText{
            "bn",
            "সুপ্রভাত, আপনি গ্রাহক সেবার সঙ্গে কথা বলছেন। এখন আমাদের সব কর্মী ব্যস্ত আছেন। দয়া করে লাইনে থাকুন, "
            "অথবা সংকেতের পরে আপনার নাম ও নম্বর বলুন। আমার বোন অনেক বছর ধরে সমুদ্রের কাছে থাকে।"},
        SpokenText{
            "ca",
            "Bon dia, heu trucat al servei d'atenció al client. Ara mateix tots els nostres companys estan "
            "ocupats. Espereu, si us plau, o deixeu el nom i el telèfon després del senyal. La meva germana "
            "viu vora el mar des de fa anys."},
        SpokenText{"cmn", "早上好，这里是客户服务中心。我们的同事现在都在忙，请您不要挂机，或者在提示音后留下"
                          "您的姓名和电话号码。"
                          "我妹妹在海边住了很多年，只有冬天才回来看我们。"},
        SpokenText{
            "cs",
            "Dobrý den, dovolali jste se na zákaznickou linku. Všichni naši pracovníci mají právě hovor. "
            "Počkejte prosím, nebo nám po zaznění tónu nechte své jméno a číslo. Moje sestra žije už léta "
            "u moře a přijíždí jen v zimě."},
        SpokenText{
            "cy",
            "Bore da, rydych chi wedi ffonio'r gwasanaeth cwsmeriaid. Mae pawb yn brysur ar hyn o bryd. "
            "Arhoswch ar y lein os gwelwch yn dda, neu gadewch eich enw a'ch rhif ar ôl y sain. Mae fy "
            "chwaer yn byw ger y môr ers blynyddoedd."},
        SpokenText{
            "da",
            "Godmorgen, du taler med kundeservice. Alle vores medarbejdere er optaget lige nu. Bliv venligst "
            "i røret, eller læg navn og nummer efter tonen. Min søster har boet ved havet i mange år og "
            "kommer kun på besøg om vinteren."},
        SpokenText{"de",
                   "Guten Morgen, Sie sprechen mit dem Kundendienst. Alle Mitarbeiter sind gerade im "
                   "Gespräch. Bitte "
                   "bleiben Sie am Apparat, oder nennen Sie nach dem Ton Ihren Namen und Ihre Nummer. Meine "
                   "Schwester wohnt seit Jahren am Meer und kommt nur im Winter."},
        SpokenText{
            "el",
            "Καλημέρα σας, καλέσατε την εξυπηρέτηση πελατών. Όλοι οι συνεργάτες μας είναι αυτή τη στιγμή "
            "απασχολημένοι. Παρακαλώ περιμένετε ή αφήστε το όνομα και τον αριθμό σας μετά τον ήχο. Η αδελφή "
            "μου μένει χρόνια κοντά στη θάλασσα."},
        SpokenText{
            "en-us",
            "Good morning, you have reached customer service. All of our people are talking to other "
            "callers. Please stay on the line, or leave your name and number after the tone. My sister "
            "has lived by the sea for years and only visits us in winter."},
        SpokenText{
            "en-gb",
            "Thank you for calling the surgery. If this is an emergency, please hang up and call for an "
            "ambulance. Otherwise say what you are calling about, and we shall put you through. Our opening "
            "hours over the holidays are on the door."},
        SpokenText{"en-gb-scotland",
                   "You are through to the harbour office. The early ferry is running late because of "
                   "the weather, and the evening one has been cancelled. Would you like to change your "
                   "booking, or shall I read you the whole timetable?"},
        SpokenText{
            "eo",
            "Bonan matenon, vi parolas kun la klienta servo. Ĉiuj niaj kunlaborantoj nun estas okupataj. "
            "Bonvolu atendi, aŭ diru vian nomon kaj numeron post la signalo. Mia fratino loĝas apud la maro "
            "jam de multaj jaroj."},
        SpokenText{"es", "Buenos días, ha llamado usted al servicio de atención al cliente. En este momento "
                         "todos nuestros "
                         "agentes están ocupados. Por favor, no cuelgue, o deje su nombre y su número "
                         "después de la señal. "
                         "Mi hermana vive junto al mar desde hace años."},
        SpokenText{
            "es-419",
            "Gracias por llamar. Para agilizar su atención, díganos en pocas palabras el motivo de su "
            "llamada. Puede decir, por ejemplo, quiero pagar mi factura, o perdí mi tarjeta. Ahorita lo "
            "comunico con un compañero, no se retire."},
        SpokenText{
            "et",
            "Tere hommikust, te helistasite klienditeenindusse. Kõik meie töötajad räägivad praegu. Palun "
            "oodake, või jätke pärast helisignaali oma nimi ja number. Minu õde elab juba aastaid mere ääres "
            "ja käib meil ainult talvel."},
        SpokenText{
            "eu",
            "Egun on, bezeroen arretarako zerbitzura deitu duzu. Une honetan gure langile guztiak lanpetuta "
            "daude. Itxaron mesedez, edo utzi zure izena eta zenbakia seinalearen ondoren. Nire ahizpa "
            "itsasoaren ondoan bizi da aspalditik."},
        SpokenText{"fa", "صبح بخیر، شما با خدمات مشتریان تماس گرفته‌اید. همه همکاران ما در حال گفتگو "
                         "هستند. لطفاً پشت خط "
                         "بمانید، یا پس از شنیدن صدا نام و شماره خود را بگویید. خواهرم سال‌هاست که کنار "
                         "دریا زندگی "
                         "می‌کند."},
        SpokenText{
            "fi",
            "Hyvää huomenta, olette soittaneet asiakaspalveluun. Kaikki työntekijämme ovat juuri nyt "
            "varattuja. "
            "Odottakaa hetki, tai jättäkää nimenne ja numeronne äänimerkin jälkeen. Siskoni on asunut meren "
            "rannalla jo vuosia."},
        SpokenText{
            "fr-fr",
            "Bonjour, vous êtes bien au service clientèle. Tous nos conseillers sont en ligne. Veuillez "
            "patienter, ou laissez votre nom et votre numéro après le signal sonore. Ma sœur habite au bord "
            "de la mer depuis des années et ne vient qu'en hiver."},
        SpokenText{
            "fr-be",
            "Bienvenue à la mutuelle. Pour savoir où en est votre dossier, dites remboursement. Pour prendre "
            "rendez-vous, dites rendez-vous. Nos bureaux sont ouverts du lundi au vendredi, sauf le jeudi "
            "après-midi et les jours fériés."},
        SpokenText{
            "ga",
            "Maidin mhaith, tá tú ag caint leis an tseirbhís do chustaiméirí. Tá gach duine gnóthach faoi "
            "láthair. Fan ar an líne, le do thoil, nó fág d'ainm agus d'uimhir tar éis an chomhartha. Tá mo "
            "dheirfiúr ina cónaí cois farraige le blianta."},
        SpokenText{"he", "בוקר טוב, הגעתם לשירות הלקוחות. כל הנציגים שלנו עסוקים כעת. אנא המתינו על הקו, או "
                         "השאירו את שמכם "
                         "ואת מספר הטלפון לאחר הצליל. אחותי גרה ליד הים כבר שנים ומגיעה רק בחורף."},
        SpokenText{"hi",
                   "सुप्रभात, आप ग्राहक सेवा से बात कर रहे हैं। इस समय हमारे सभी साथी व्यस्त हैं। कृपया लाइन पर बने रहें, या "
                   "संकेत के बाद अपना नाम और नंबर बताएँ। मेरी बहन कई साल से समुद्र के पास रहती है और केवल सर्दियों में "
                   "आती है।"},
        SpokenText{
            "hr",
            "Dobro jutro, dobili ste korisničku službu. Svi naši djelatnici trenutačno razgovaraju. Molimo "
            "pričekajte, ili ostavite ime i broj nakon zvučnog signala. Moja sestra godinama živi uz more i "
            "dolazi samo zimi."},
        SpokenText{
            "hu",
            "Jó reggelt kívánok, ön az ügyfélszolgálatot hívta. Minden munkatársunk foglalt. Kérem, tartsa a "
            "vonalat, vagy a hangjelzés után mondja be a nevét és a számát. A nővérem évek óta a tenger "
            "mellett él, és csak télen jön haza."},
        SpokenText{
            "hy",
            "Բարի լույս, դուք զանգահարել եք հաճախորդների սպասարկման բաժին։ Մեր բոլոր աշխատակիցներն այժմ "
            "զբաղված են։ Խնդրում ենք սպասել կամ ազդանշանից հետո թողնել ձեր անունն ու համարը։ Քույրս տարիներ "
            "շարունակ ապրում է ծովի մոտ։"},
        SpokenText{
            "id",
            "Selamat pagi, Anda terhubung dengan layanan pelanggan. Semua petugas kami sedang sibuk. Mohon "
            "tunggu sebentar, atau tinggalkan nama dan nomor Anda setelah nada. Kakak saya sudah lama "
            "tinggal di dekat laut dan jarang pulang."},
        SpokenText{
            "is",
            "Góðan daginn, þú hefur náð sambandi við þjónustuverið. Allir starfsmenn okkar eru uppteknir. "
            "Bíddu "
            "á línunni, eða skildu eftir nafn og númer eftir hljóðmerkið. Systir mín hefur búið við sjóinn í "
            "mörg ár."},
        SpokenText{
            "it",
            "Buongiorno, risponde il servizio clienti. Al momento tutti i nostri operatori sono occupati. La "
            "preghiamo di restare in linea, oppure lasci il suo nome e il numero dopo il segnale acustico. "
            "Mia "
            "sorella vive al mare da anni e torna soltanto d'inverno."},
        SpokenText{
            "ja",
            "おはようございます。こちらは おきゃくさま まどぐちです。ただいま でんわが こみあって おります。"
            "そのまま おまちいただくか、はっしんおんの あとに おなまえと でんわばんごうを おはなしください。"
            "いもうとは うみの ちかくに すんで います。"},
        SpokenText{"ka", "დილა მშვიდობისა, თქვენ დარეკეთ მომხმარებელთა სამსახურში. ჩვენი ყველა თანამშრომელი "
                         "ახლა დაკავებულია. "
                         "გთხოვთ დაელოდოთ, ან დატოვოთ სახელი და ნომერი სიგნალის შემდეგ. ჩემი და წლებია "
                         "ზღვასთან ცხოვრობს."},
        SpokenText{"kk",
                   "Қайырлы таң, сіз клиенттерге қызмет көрсету бөліміне хабарластыңыз. Қазір барлық "
                   "қызметкерлеріміз бос "
                   "емес. Күте тұрыңыз немесе белгіден кейін атыңыз бен нөміріңізді қалдырыңыз. Әпкем теңіз "
                   "жағасында көп жыл тұрады."},
        SpokenText{"ko",
                   "안녕하세요, 고객 상담실입니다. 지금은 모든 상담원이 통화 중입니다. 잠시만 기다려 "
                   "주시거나, 신호음이 난 뒤에 "
                   "성함과 전화번호를 남겨 주세요. 제 여동생은 오래전부터 바닷가에 살고 겨울에만 옵니다."},
        SpokenText{
            "la",
            "Salvete, ad officium nostrum vocavistis. Omnes ministri nunc cum aliis loquuntur. Exspectate, "
            "quaeso, aut nomen numerumque post signum relinquite. Soror mea multos annos iuxta mare habitat "
            "et "
            "hieme tantum nos visitat."},
        SpokenText{"lt", "Labas rytas, jūs paskambinote į klientų aptarnavimo skyrių. Visi mūsų darbuotojai "
                         "šiuo metu užimti. "
                         "Prašome palaukti, arba po signalo palikite savo vardą ir numerį. Mano sesuo jau "
                         "daug metų gyvena "
                         "prie jūros."},
        SpokenText{
            "lv",
            "Labrīt, jūs esat sazvanījuši klientu apkalpošanas centru. Visi mūsu darbinieki pašlaik ir "
            "aizņemti. Lūdzu, gaidiet, vai atstājiet savu vārdu un numuru pēc signāla. Mana māsa jau gadiem "
            "dzīvo pie jūras."},
        SpokenText{
            "mk",
            "Добро утро, се јавивте во службата за корисници. Сите наши вработени моментално се зафатени. Ве "
            "молиме почекајте, или оставете го вашето име и број по сигналот. Сестра ми со години живее крај "
            "морето."},
        SpokenText{
            "ml", "സുപ്രഭാതം, നിങ്ങൾ ഉപഭോക്തൃ സേവനവുമായി സംസാരിക്കുന്നു. ഇപ്പോൾ ഞങ്ങളുടെ എല്ലാ ജീവനക്കാരും തിരക്കിലാണ്. ദയവായി "
                  "കാത്തിരിക്കുക, അല്ലെങ്കിൽ പേരും നമ്പറും പറയുക."},
        SpokenText{"mr", "शुभ सकाळ, आपण ग्राहक सेवेशी बोलत आहात. सध्या आमचे सर्व कर्मचारी व्यस्त आहेत. कृपया थांबा, किंवा "
                         "आवाजानंतर आपले नाव आणि क्रमांक सांगा. माझी बहीण अनेक वर्षांपासून समुद्राजवळ राहते."},
        SpokenText{
            "ms",
            "Selamat pagi, anda telah menghubungi khidmat pelanggan. Semua pegawai kami sedang sibuk. Sila "
            "tunggu "
            "sebentar, atau tinggalkan nama dan nombor anda selepas bunyi. Adik saya tinggal di tepi laut "
            "sejak bertahun-tahun."},
        SpokenText{"nb", "God morgen, du har kommet til kundeservice. Alle våre medarbeidere er opptatt "
                         "akkurat nå. Vennligst "
                         "vent, eller legg igjen navn og nummer etter pipetonen. Søsteren min har bodd ved "
                         "sjøen i mange år "
                         "og kommer bare om vinteren."},
        SpokenText{"ne",
                   "शुभ प्रभात, तपाईं ग्राहक सेवासँग कुरा गर्दै हुनुहुन्छ। अहिले हाम्रा सबै साथीहरू व्यस्त छन्। कृपया पर्खनुहोस्, "
                   "वा आफ्नो नाम र नम्बर छोड्नुहोस्। मेरी दिदी धेरै वर्षदेखि टाढा बस्छिन्।"},
        SpokenText{"nl", "Goedemorgen, u spreekt met de klantenservice. Al onze medewerkers zijn op dit "
                         "moment in gesprek. "
                         "Blijf aan de lijn, of spreek na de toon uw naam en nummer in. Mijn zus woont al "
                         "jaren aan zee en "
                         "komt alleen 's winters langs."},
        SpokenText{
            "pa",
            "ਸਤ ਸ੍ਰੀ ਅਕਾਲ, ਤੁਸੀਂ ਗਾਹਕ ਸੇਵਾ ਨਾਲ ਗੱਲ ਕਰ ਰਹੇ ਹੋ। ਇਸ ਵੇਲੇ ਸਾਡੇ ਸਾਰੇ ਸਾਥੀ ਰੁੱਝੇ ਹੋਏ ਹਨ। ਕਿਰਪਾ ਕਰਕੇ ਉਡੀਕ ਕਰੋ, ਜਾਂ "
            "ਆਪਣਾ ਨਾਮ ਅਤੇ ਨੰਬਰ ਦੱਸੋ।"},
        SpokenText{
            "pl",
            "Dzień dobry, dodzwonili się państwo do biura obsługi klienta. Wszyscy nasi konsultanci są w tej "
            "chwili zajęci. Proszę czekać, albo zostawić imię i numer po sygnale. Moja siostra od lat "
            "mieszka "
            "nad morzem i przyjeżdża tylko zimą."},
        SpokenText{
            "pt",
            "Bom dia, ligou para o serviço de apoio ao cliente. De momento todos os nossos colegas estão "
            "ocupados. Aguarde, por favor, ou deixe o seu nome e número depois do sinal. A minha irmã vive à "
            "beira-mar há muitos anos."},
        SpokenText{"pt-br", "Obrigado por ligar. Para a segunda via do boleto, diga boleto. Para falar com a "
                            "gente sobre outro "
                            "assunto, continue na linha. Você também pode resolver isso pelo aplicativo, sem "
                            "precisar esperar. "
                            "Já vou transferir a sua ligação."},
        SpokenText{
            "ro",
            "Bună dimineața, ați sunat la serviciul pentru clienți. Toți colegii noștri sunt ocupați în "
            "acest "
            "moment. Vă rugăm să așteptați, sau lăsați numele și numărul după semnal. Sora mea locuiește la "
            "mare de mulți ani."},
        SpokenText{
            "ru",
            "Доброе утро, вы позвонили в службу поддержки. Сейчас все наши сотрудники заняты. Пожалуйста, "
            "оставайтесь на линии, или назовите своё имя и номер после сигнала. Моя сестра уже много лет "
            "живёт у моря и приезжает только зимой."},
        SpokenText{
            "sk",
            "Dobré ráno, dovolali ste sa na zákaznícku linku. Všetci naši pracovníci práve telefonujú. "
            "Počkajte, prosím, alebo nám po zaznení tónu nechajte svoje meno a číslo. Moja sestra žije už "
            "roky pri mori."},
        SpokenText{
            "sl",
            "Dobro jutro, poklicali ste službo za stranke. Vsi naši sodelavci so trenutno zasedeni. Prosimo, "
            "počakajte, ali pa po zvočnem signalu pustite ime in številko. Moja sestra že leta živi ob "
            "morju."},
        SpokenText{"sq", "Mirëmëngjes, keni telefonuar shërbimin e klientit. Të gjithë punonjësit tanë janë "
                         "të zënë. Ju lutem "
                         "prisni në linjë, ose lini emrin dhe numrin pas sinjalit. Motra ime jeton prej "
                         "vitesh pranë detit."},
        SpokenText{
            "sr",
            "Добро јутро, добили сте службу за кориснике. Сви наши сарадници су тренутно заузети. Молимо вас "
            "да "
            "сачекате, или оставите име и број после звучног сигнала. Моја сестра годинама живи крај мора."},
        SpokenText{"sv", "God morgon, du har kommit till kundtjänst. Alla våra medarbetare är upptagna just "
                         "nu. Var god dröj, "
                         "eller lämna namn och nummer efter tonen. Min syster har bott vid havet i många år "
                         "och kommer bara "
                         "på vintern."},
        SpokenText{"sw", "Habari za asubuhi, umepiga simu kwa huduma kwa wateja. Wafanyakazi wetu wote "
                         "wanaongea na wateja "
                         "wengine. Tafadhali subiri, au acha jina na namba yako baada ya mlio. Dada yangu "
                         "anaishi karibu na "
                         "bahari kwa miaka mingi."},
        SpokenText{"ta",
                   "காலை வணக்கம், நீங்கள் வாடிக்கையாளர் சேவையை அழைத்துள்ளீர்கள். இப்போது எங்கள் ஊழியர்கள் அனைவரும் வேலையாக "
                   "இருக்கிறார்கள். தயவுசெய்து காத்திருங்கள், அல்லது உங்கள் பெயரையும் எண்ணையும் சொல்லுங்கள்."},
        SpokenText{"te",
                   "శుభోదయం, మీరు వినియోగదారుల సేవకు ఫోన్ చేశారు. ప్రస్తుతం మా ఉద్యోగులందరూ మాట్లాడుతున్నారు. దయచేసి వేచి ఉండండి, "
                   "లేదా మీ పేరు, నంబరు చెప్పండి."},
        SpokenText{"tr", "Günaydın, müşteri hizmetlerini aradınız. Şu anda bütün çalışanlarımız meşgul. "
                         "Lütfen hatta kalın, "
                         "ya da sinyal sesinden sonra adınızı ve numaranızı bırakın. Kız kardeşim yıllardır "
                         "deniz kıyısında "
                         "yaşıyor ve yalnızca kışın geliyor."},
        SpokenText{
            "uk",
            "Доброго ранку, ви зателефонували до служби підтримки. Зараз усі наші працівники зайняті. Будь "
            "ласка, "
            "залишайтеся на лінії, або назвіть своє ім'я та номер після сигналу. Моя сестра вже багато років "
            "живе біля моря."},
        SpokenText{"ur",
                   "صبح بخیر، آپ کسٹمر سروس سے بات کر رہے ہیں۔ اس وقت ہمارے تمام ساتھی مصروف ہیں۔ براہ کرم "
                   "لائن پر رہیں، "
                   "یا اشارے کے بعد اپنا نام اور نمبر بتائیں۔ میری بہن کئی سال سے سمندر کے پاس رہتی ہے۔"},
        SpokenText{"vi", "Xin chào, quý khách đang gọi đến bộ phận chăm sóc khách hàng. Hiện tại tất cả nhân "
                         "viên của chúng tôi "
                         "đều đang bận. Xin vui lòng giữ máy, hoặc để lại tên và số điện thoại sau tiếng "
                         "bíp. Chị tôi sống "
                         "gần biển đã nhiều năm."},
        SpokenText{"yue", "早晨，呢度係客戶服務中心。我哋嘅同事而家都好忙，請你唔好收線，或者喺訊號之後留低你"
                          "嘅姓名同電話號碼。"
                          "我家姐喺海邊住咗好多年。"},
    };
    // clang-format on
    return texts;
}

} // namespace keytone::accuracy
