// SPDX-License-Identifier: MIT
#include "bench/listening/greeting_texts.hpp"

#include <array>

namespace keytone::listening {

namespace {

// clang-format measures the width of these scripts inconsistently.
// clang-format off
std::span<const GreetingText> tuning_words() {
    static constexpr std::array texts{
        GreetingText{"en", "Hello?"}, GreetingText{"en", "Hello."}, GreetingText{"en", "Yes?"},
        GreetingText{"en", "Hi."}, GreetingText{"en", "Hello, this is Anna."},
        GreetingText{"en", "Smith."}, GreetingText{"en", "John speaking."},
        GreetingText{"en", "Good morning."}, GreetingText{"en", "Hello? Who is this?"},
        GreetingText{"en", "Peter Miller."}, GreetingText{"en", "Hi, what's up?"},
        GreetingText{"en-us", "Hello?"}, GreetingText{"en-us", "Yeah, hello?"},
        GreetingText{"en-us", "This is Susan."}, GreetingText{"en-us", "Hello, Robert speaking."},
        GreetingText{"de", "Hallo?"}, GreetingText{"de", "Ja?"}, GreetingText{"de", "Schmidt."},
        GreetingText{"de", "Weber, guten Tag."}, GreetingText{"de", "Ja bitte?"},
        GreetingText{"fr-fr", "Allô?"}, GreetingText{"fr-fr", "Oui, bonjour."},
        GreetingText{"fr-fr", "Allô, qui est à l'appareil?"},
        GreetingText{"es", "¿Diga?"}, GreetingText{"es", "¿Sí?"}, GreetingText{"es", "Hola, buenos días."},
        GreetingText{"es-419", "¿Bueno?"}, GreetingText{"es-419", "¿Aló?"},
        GreetingText{"it", "Pronto?"}, GreetingText{"it", "Pronto, chi parla?"},
        GreetingText{"nl", "Met Jansen."}, GreetingText{"nl", "Hallo, met Eva."},
        GreetingText{"pl", "Halo?"}, GreetingText{"pl", "Tak, słucham."},
        GreetingText{"ru", "Алло?"}, GreetingText{"ru", "Да, слушаю."},
        GreetingText{"tr", "Alo?"}, GreetingText{"tr", "Efendim?"},
        GreetingText{"pt-br", "Alô?"}, GreetingText{"pt", "Estou?"},
        GreetingText{"sv", "Hallå?"}, GreetingText{"sv", "Anna Lindgren."},
        GreetingText{"da", "Hallo, det er Mette."}, GreetingText{"nb", "Hallo?"},
        GreetingText{"fi", "Haloo?"}, GreetingText{"cs", "Haló, prosím?"}, GreetingText{"hu", "Halló, tessék!"},
        GreetingText{"ro", "Alo, da?"}, GreetingText{"el", "Ναι, παρακαλώ;"}, GreetingText{"hi", "हैलो?"},
        GreetingText{"ja", "もしもし?"}, GreetingText{"ko", "여보세요?"}, GreetingText{"cmn", "喂?"},
        GreetingText{"cmn", "喂，你好?"}, GreetingText{"ar", "ألو؟"}, GreetingText{"id", "Halo, siapa ini?"},
        GreetingText{"vi", "A lô?"}, GreetingText{"uk", "Алло, слухаю."},
    };
    return texts;
}

std::span<const GreetingText> tuning_companies() {
    static constexpr std::array texts{
        GreetingText{"en", "Hello, Miller and Sons, how can I help you?"},
        GreetingText{"en", "Good morning, Baker's garage, Tom speaking."},
        GreetingText{"en", "City library, good afternoon, what can I do for you?"},
        GreetingText{"en", "Hotel Bristol, reception, good evening."},
        GreetingText{"en", "Doctor Hall's practice, Mary speaking, how may I help?"},
        GreetingText{"en-us", "Thank you for calling Green Valley Dental, this is Karen."},
        GreetingText{"en-us", "Tony's Pizza, pick up or delivery?"},
        GreetingText{"en-us", "Front desk, this is Mike, how can I help you?"},
        GreetingText{"de", "Bäckerei Krause, guten Morgen."},
        GreetingText{"de", "Autohaus Lehmann, mein Name ist Vogel, was kann ich für Sie tun?"},
        GreetingText{"fr-fr", "Cabinet du docteur Martin, bonjour."},
        GreetingText{"fr-fr", "Garage Dupont, bonjour, que puis-je faire pour vous?"},
        GreetingText{"es", "Talleres García, buenos días, dígame."},
        GreetingText{"es-419", "Farmacia Central, buenas tardes, ¿en qué le puedo ayudar?"},
        GreetingText{"it", "Studio Rossi, buongiorno, come posso aiutarla?"},
        GreetingText{"nl", "Bakkerij de Vries, goedemorgen, waarmee kan ik u helpen?"},
        GreetingText{"pl", "Biuro podróży Orbita, dzień dobry, w czym mogę pomóc?"},
        GreetingText{"ru", "Аптека на Садовой, добрый день, слушаю вас."},
        GreetingText{"tr", "Yıldız Eczanesi, iyi günler, nasıl yardımcı olabilirim?"},
        GreetingText{"pt-br", "Padaria Aurora, bom dia, em que posso ajudar?"},
        GreetingText{"sv", "Nilssons bilverkstad, god morgon, det är Erik."},
        GreetingText{"ja", "はい、田中商店でございます。"}, GreetingText{"cmn", "您好，东方酒店前台。"},
    };
    return texts;
}

std::span<const GreetingText> tuning_machines() {
    static constexpr std::array texts{
        GreetingText{"en", "Hello.|You have reached the voicemail of Peter Miller.|I can't come to the phone "
                           "right now.|Please leave a message after the tone."},
        GreetingText{"en", "Hi, this is Anna.|Sorry I missed your call.|Leave your name and number and I will "
                           "call you back as soon as I can."},
        GreetingText{"en", "The person you are calling is not available.|Please leave your message after the "
                           "beep."},
        GreetingText{"en", "You have reached the Johnson family.|We are out at the moment.|Please speak after "
                           "the tone, and we will get back to you."},
        GreetingText{"en", "Welcome to Northern Gas.|For accounts, press one.|To report a leak, press two.|"
                           "For everything else, please hold the line."},
        GreetingText{"en-us", "Your call has been forwarded to an automatic voice message system.|Four one "
                              "five, five five five, zero one two three is not available.|At the tone, please "
                              "record your message."},
        GreetingText{"en-us", "Hey, it's Mike.|You know what to do.|Leave me a message and have a great day."},
        GreetingText{"en-us", "Thank you for calling First Street Bank.|Our offices are closed.|Our business "
                              "hours are nine to five, Monday through Friday."},
        GreetingText{"de", "Guten Tag.|Sie sind verbunden mit dem Anschluss von Familie Schmidt.|Wir sind zur "
                           "Zeit nicht zu Hause.|Bitte hinterlassen Sie eine Nachricht nach dem Signalton."},
        GreetingText{"de", "Der gewünschte Gesprächspartner ist zur Zeit nicht erreichbar.|Bitte sprechen Sie "
                           "nach dem Ton."},
        GreetingText{"fr-fr", "Bonjour.|Vous êtes bien sur la messagerie de Claire Martin.|Je ne suis pas "
                              "disponible pour le moment.|Laissez-moi un message après le bip sonore."},
        GreetingText{"fr-fr", "Le numéro que vous avez demandé n'est pas joignable actuellement.|Veuillez "
                              "laisser un message."},
        GreetingText{"es", "Hola.|Ha llamado al buzón de voz de Carmen López.|En este momento no puedo "
                           "atenderle.|Deje su mensaje después de la señal."},
        GreetingText{"es-419", "El número que usted marcó no se encuentra disponible.|Por favor, deje su "
                               "mensaje después del tono."},
        GreetingText{"it", "Salve.|Risponde la segreteria telefonica di Paolo Rossi.|In questo momento non "
                           "posso rispondere.|Lasciate un messaggio dopo il segnale acustico."},
        GreetingText{"nl", "Hallo.|U spreekt met de voicemail van Eva Jansen.|Ik kan u nu niet te woord "
                           "staan.|Spreek een bericht in na de piep."},
        GreetingText{"pl", "Dzień dobry.|Dodzwoniłeś się do Marka Nowaka.|Nie mogę teraz odebrać.|Proszę "
                           "zostawić wiadomość po sygnale."},
        GreetingText{"ru", "Здравствуйте.|Абонент сейчас не может ответить на ваш звонок.|Пожалуйста, "
                           "оставьте сообщение после сигнала."},
        GreetingText{"tr", "Merhaba.|Aradığınız kişiye şu anda ulaşılamıyor.|Lütfen sinyal sesinden sonra "
                           "mesajınızı bırakın."},
        GreetingText{"pt-br", "Olá.|Você ligou para a caixa postal de Maria Souza.|No momento não posso "
                              "atender.|Deixe seu recado após o sinal."},
        GreetingText{"sv", "Hej.|Du har kommit till Anna Lindgren.|Jag kan inte svara just nu.|Lämna ett "
                           "meddelande efter tonen så ringer jag upp."},
        GreetingText{"ja", "ただいま電話に出ることができません。|発信音の後にメッセージをお願いします。"},
        GreetingText{"cmn", "您好。|您拨打的电话暂时无人接听。|请在提示音后留言。"},
    };
    return texts;
}

std::span<const GreetingText> judging_words() {
    static constexpr std::array texts{
        GreetingText{"en", "Hello, Mark here."}, GreetingText{"en", "Yes, who's calling?"},
        GreetingText{"en", "Speaking."}, GreetingText{"en", "Hi there."}, GreetingText{"en", "Jackson."},
        GreetingText{"it", "Sì, pronto."}, GreetingText{"it", "Pronto, sono Carla."},
        GreetingText{"it", "Bianchi, buongiorno."}, GreetingText{"it", "Chi è?"},
        GreetingText{"cs", "Haló?"}, GreetingText{"cs", "Novák."}, GreetingText{"cs", "Ano, prosím?"},
        GreetingText{"cs", "Dobrý den, u telefonu Hana."},
        GreetingText{"fi", "Virtanen."}, GreetingText{"fi", "Haloo, kuka siellä?"},
        GreetingText{"fi", "Liisa puhelimessa."}, GreetingText{"fi", "No moi."},
    };
    return texts;
}

std::span<const GreetingText> judging_companies() {
    static constexpr std::array texts{
        GreetingText{"en", "Riverside clinic, good morning."},
        GreetingText{"en", "Harper's books, this is Neil, what can I find for you?"},
        GreetingText{"en", "Good evening, the Golden Lion, how can I help?"},
        GreetingText{"it", "Pizzeria Vesuvio, buonasera, mi dica."},
        GreetingText{"it", "Farmacia Verdi, buongiorno, in cosa posso esserle utile?"},
        GreetingText{"cs", "Autoservis Dvořák, dobrý den."},
        GreetingText{"cs", "Knihkupectví U Mostu, dobré odpoledne, co pro vás mohu udělat?"},
        GreetingText{"fi", "Hotelli Satama, hyvää iltaa."},
        GreetingText{"fi", "Kirjakauppa Lehtinen, hyvää päivää, kuinka voin auttaa?"},
    };
    return texts;
}

std::span<const GreetingText> judging_machines() {
    static constexpr std::array texts{
        GreetingText{"en", "Hi.|You've got Neil's number.|I'm probably driving.|Leave a short message and I'll "
                           "ring you tonight."},
        GreetingText{"en", "The Harrisons can't take your call.|After the beep, tell us who you are."},
        GreetingText{"en", "Thanks for ringing City Water.|All our lines are busy.|Press one to be called "
                           "back, or hold the line."},
        GreetingText{"en", "Good day.|This is an answering machine.|The surgery opens again on Monday at "
                           "eight.|In an emergency, please go to the hospital."},
        GreetingText{"it", "Ciao.|Questa è la segreteria di Luca.|Adesso non ci sono.|Lasciate un messaggio e vi "
                           "richiamo appena posso."},
        GreetingText{"it", "Il cliente da lei chiamato non è al momento raggiungibile.|La preghiamo di "
                           "richiamare più tardi."},
        GreetingText{"it", "Benvenuti.|Per informazioni, premere uno.|Per parlare con un operatore, premere "
                           "due.|Per tutto il resto, restare in linea."},
        GreetingText{"cs", "Dobrý den.|Dovolali jste se na záznamník rodiny Dvořákovy.|Právě nejsme doma.|Zanechte "
                           "nám prosím vzkaz po zaznění tónu."},
        GreetingText{"cs", "Volaný účastník není dostupný.|Zavolejte prosím později."},
        GreetingText{"cs", "Vítejte na zákaznické lince.|Pro objednávky stiskněte jedničku.|Pro reklamace "
                           "stiskněte dvojku."},
        GreetingText{"fi", "Hei.|Tässä on Liisan vastaaja.|En pääse nyt puhelimeen.|Jätä viesti äänimerkin "
                           "jälkeen."},
        GreetingText{"fi", "Valitsemaanne numeroon ei juuri nyt saada yhteyttä.|Yrittäkää myöhemmin uudelleen."},
        GreetingText{"fi", "Tervetuloa asiakaspalveluun.|Laskutus, valitse yksi.|Muut asiat, valitse kaksi."},
    };
    return texts;
}
// clang-format on

} // namespace

GreetingTexts tuning_greetings() {
    return {tuning_words(), tuning_companies(), tuning_machines()};
}

GreetingTexts judging_greetings() {
    return {judging_words(), judging_companies(), judging_machines()};
}

} // namespace keytone::listening
