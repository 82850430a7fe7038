// SPDX-License-Identifier: MIT
//
// Recordings, block by block: what reaches the file, and what never does. libsndfile reads it, and SpanDSP
// looks for the keys.
#include "server/recording/call_recording.hpp"
#include "server/recording/recordings.hpp"
#include "server/recording/signed_url.hpp"
#include "server/store/secret.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/key_press.hpp"
#include "tests/support/realtime_watch.hpp"
#include "tests/support/signal.hpp"
#include "tests/support/spandsp_decoder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace keytone::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr SampleCount block = 160;

template <class What>
Outcome outcome_of(What what, SampleIndex sample = 0, bool sensitive = false, Leg leg = Leg::a) {
    Outcome outcome{};
    outcome.leg = leg;
    outcome.sample = sample;
    outcome.id = "k";
    outcome.sensitive = sensitive;
    outcome.what = std::move(what);
    return outcome;
}

/// A key's two tones, 100 ms each with 100 ms between, from a sample on.
struct Tones {
    std::string keys;
    SampleIndex begin;

    [[nodiscard]] std::int16_t at(SampleIndex sample) const {
        const SampleIndex into = sample - begin;
        if (into < 0 || into >= static_cast<SampleIndex>(keys.size()) * 1600 || into % 1600 >= 800) {
            return 0;
        }
        const auto key = Key::from_character(keys[static_cast<std::size_t>(into / 1600)]);
        const double t = static_cast<double>(into) / 8000.0;
        return static_cast<std::int16_t>(std::lround(4000.0 * std::sin(6.283185307 * key->low().value * t) +
                                                     4000.0 * std::sin(6.283185307 * key->high().value * t)));
    }
    [[nodiscard]] SampleIndex end() const {
        return begin + static_cast<SampleIndex>(keys.size()) * 1600 - 800;
    }
};

class ARecording : public testing::Test {
  protected:
    void put(SampleIndex begin, SampleIndex end) {
        for (SampleIndex at = begin; at < end; at += block) {
            RecordedBlock next{at, {}, {}};
            for (std::size_t i = 0; i < next.heard.size(); ++i) {
                const SampleIndex sample = at + static_cast<SampleIndex>(i);
                for (const Tones& tones : heard_) {
                    next.heard[i] = static_cast<std::int16_t>(next.heard[i] + tones.at(sample));
                }
                for (const Tones& tones : sent_) {
                    next.sent[i] = static_cast<std::int16_t>(next.sent[i] + tones.at(sample));
                }
            }
            recording_.tap().put(next);
        }
    }
    /// Sound, and the control side that keeps up with it.
    void run(SampleIndex begin, SampleIndex end) {
        for (SampleIndex at = begin; at < end; at += 10 * block) {
            put(at, std::min(at + 10 * block, end));
            recording_.settle(std::min(at + 10 * block, end));
            recording_.write();
        }
    }
    void answer(SampleIndex at = 0) {
        recording_.take(outcome_of(LegChanged{LegChanged::State::answered}, at));
    }
    void complete(SampleIndex at) { recording_.take(outcome_of(SessionCompleted{false, 1.0, at, {}}, at)); }
    RecordingResult finish() {
        recording_.write();
        const auto result = recording_.result_by(std::chrono::steady_clock::now());
        EXPECT_TRUE(result.has_value());
        return result.value_or(RecordingResult{});
    }
    [[nodiscard]] test::AudioFile file() const { return test::read_audio(path_); }
    [[nodiscard]] std::string keys_in(std::size_t channel) const {
        return test::spandsp_digits(file().channels.at(channel));
    }

    test::TemporaryFolder folder_;
    std::string path_ = folder_.file("r.wav");
    CallRecording recording_{path_, "c"};
    std::vector<Tones> heard_;
    std::vector<Tones> sent_;
};

TEST_F(ARecording, HasBothSidesFromTheAnswerToTheEnd) {
    heard_ = {{"147", 4000}};
    sent_ = {{"2580", 8000}};
    put(0, 1600);
    recording_.write(); // It rings.
    answer(1000);
    run(1600, 32000);
    complete(24100);
    const RecordingResult result = finish();
    EXPECT_TRUE(result.is_there);
    EXPECT_EQ(result.length, 23100);
    EXPECT_EQ(result.missing, 0);
    const auto audio = file();
    EXPECT_EQ(audio.rate_hz, 8000);
    ASSERT_THAT(audio.channels, SizeIs(2));
    ASSERT_THAT(audio.channels[0], SizeIs(23100));
    EXPECT_EQ(keys_in(0), "147");
    EXPECT_EQ(keys_in(1), "2580");
    for (std::size_t i = 0; i < 23100; ++i) { // Not a sample is displaced.
        ASSERT_EQ(audio.channels[0][i], heard_[0].at(static_cast<SampleIndex>(i) + 1000)) << i;
        ASSERT_EQ(audio.channels[1][i], sent_[0].at(static_cast<SampleIndex>(i) + 1000)) << i;
    }
    struct stat found {};
    ASSERT_EQ(stat(path_.c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(ARecording, GrowsAndPlaysWhileTheCallRuns) {
    sent_ = {{"2580", 8000}};
    answer();
    run(0, 20000);
    ASSERT_THAT(file().channels, SizeIs(2)); // As after a kill: nothing was closed.
    const std::size_t frames = file().channels[0].size();
    EXPECT_GE(frames, 20000U - 8000U - 2 * 320U);
    EXPECT_EQ(std::filesystem::file_size(path_), 44 + 4 * frames);
    run(20000, 40000);
    EXPECT_GT(file().channels[0].size(), frames);
    EXPECT_EQ(keys_in(1), "2580");
}

TEST_F(ARecording, HasNothingOfTheHumansSide) {
    heard_ = {{"147", 30000}};
    sent_ = {{"369", 24000}}; // After the bridge, these are the other's.
    answer();
    run(0, 23840);
    complete(24000);
    run(23840, 48000);
    finish();
    EXPECT_EQ(file().channels[0].size(), 24000U);
    EXPECT_EQ(keys_in(0), "");
    EXPECT_EQ(keys_in(1), "");
}

// A digit string is told when it is planned, and again when its length is known; its echo comes back late.
TEST_F(ARecording, IsSilentWhereSensitiveDigitsAreSentAndWhereTheyComeBack) {
    sent_ = {{"12", 4000}, {"9876", 16000}, {"3", 40000}};
    heard_ = {{"9876", 16000 + 6000}, {"5", 4000}, {"6", 60000}};
    answer();
    run(0, 16000);
    recording_.take(outcome_of(OpPlanned{7, "dtmf", {}, {{'?', 16000, 16800}}, {}, 22400}, 16000, true));
    run(16000, 24000);
    recording_.take(
        outcome_of(OpEnded{7, "dtmf", OpEnded::How::completed, 16000, sent_[1].end()}, 22400, true));
    run(24000, 72000);
    complete(72000);
    EXPECT_EQ(finish().missing, 0);
    EXPECT_EQ(keys_in(0), "56");
    EXPECT_EQ(keys_in(1), "123");
    const auto audio = file();
    const auto all_zero = [&](std::size_t channel, SampleIndex begin, SampleIndex end) {
        return std::all_of(audio.channels[channel].begin() + begin, audio.channels[channel].begin() + end,
                           [](std::int16_t sample) { return sample == 0; });
    };
    EXPECT_TRUE(all_zero(1, 15840, sent_[1].end() + 160));
    EXPECT_TRUE(all_zero(0, 15840, sent_[1].end() + 12000));
}

// However late the control side is, what it has not judged yet is on no disk.
TEST_F(ARecording, WritesNothingThatMayStillBecomeSensitive) {
    sent_ = {{"9876", 9000}};
    answer();
    put(0, 16000);
    recording_.settle(8000);
    recording_.write();
    EXPECT_LE(file().channels[0].size(), 8000U);
    recording_.take(outcome_of(OpPlanned{7, "dtmf", {}, {{'?', 9000, 9800}}, {}, 15400}, 9000, true));
    recording_.settle(16000);
    put(16000, 24000);
    recording_.write();
    EXPECT_EQ(keys_in(1), "");
    EXPECT_GT(file().channels[0].size(), 15000U);
}

TEST_F(ARecording, KeepsWhatWasPlannedAndNeverSent) {
    heard_ = {{"5", 20000}};
    answer();
    recording_.take(outcome_of(OpPlanned{7, "dtmf", {}, {{'?', 16000, 16800}}, {}, 16800}, 16000, true));
    run(0, 12000);
    recording_.take(outcome_of(OpEnded{7, "dtmf", OpEnded::How::cancelled, 12000, 12000}, 12000, true));
    run(12000, 32000);
    complete(32000);
    finish();
    EXPECT_EQ(keys_in(0), "5");
}

// Taken for a key of its own, and told only when it is over.
TEST_F(ARecording, SilencesAKeyThatIsSecretAfterItWasWritten) {
    heard_ = {{"5", 8000}, {"6", 24000}};
    answer();
    run(0, 24000);
    ASSERT_EQ(keys_in(0), "5");
    recording_.take(outcome_of(DigitHeard{'?', 8000, 8800, 20.0}, 8000, true));
    run(24000, 40000);
    complete(40000);
    finish();
    EXPECT_EQ(keys_in(0), "6");
}

TEST_F(ARecording, IsSilentForAsLongAsBlocksWereLost) {
    heard_ = {{"1", 8000}, {"2", 80000}};
    answer();
    run(0, 16000);
    put(16000, 64000); // The writer stands still for six seconds: the ring has three of them.
    put(64000, 64000);
    run(64000, 96000);
    complete(96000);
    const RecordingResult result = finish();
    EXPECT_EQ(result.length, 96000);
    EXPECT_EQ(result.missing,
              48000 - static_cast<SampleCount>(CallRecording::ring_blocks) * block + 10 * block);
    const auto audio = file();
    ASSERT_EQ(audio.channels[0].size(), 96000U);
    EXPECT_EQ(audio.channels[0][80003], heard_[1].at(80003));
    EXPECT_EQ(keys_in(0), "12");
}

TEST_F(ARecording, WithoutAFolderSaysSoAndCostsNothingElse) {
    CallRecording recording(folder_.file("none/r.wav"), "c");
    recording.take(outcome_of(LegChanged{LegChanged::State::answered}));
    const auto written = recording.write();
    EXPECT_THAT(written.fault.value_or(""), HasSubstr("cannot be made: No such file"));
    EXPECT_FALSE(recording.write().fault) << "said once";
    recording.take(outcome_of(SessionCompleted{false, 1.0, 8000, {}}));
    recording.close();
    EXPECT_TRUE(recording.write().is_over);
    const auto result = recording.result_by(std::chrono::steady_clock::now());
    ASSERT_TRUE(result);
    EXPECT_FALSE(result->is_there);
    EXPECT_TRUE(result->has_begun);
    EXPECT_EQ(result->missing, 8000);
}

TEST_F(ARecording, OfACallThatWasNeverAnsweredIsNone) {
    run(0, 8000);
    recording_.close();
    EXPECT_FALSE(finish().has_begun);
    EXPECT_THAT(folder_.entries(), 0);
}

/// A card number that is keyed in while somebody speaks: noise with the rhythm of syllables, 12 dB below it.
struct CardOverSpeech {
    std::string digits = "4929123456781234#";
    std::vector<std::int16_t> sound;
    std::vector<std::int16_t> speech;
    std::vector<std::pair<SampleIndex, SampleIndex>> keys;

    CardOverSpeech() {
        std::mt19937 random(11);
        test::Signal signal = test::white_noise(8000 * 20, -22.0, 17);
        for (std::size_t i = 0; i < signal.size(); ++i) {
            const double t = static_cast<double>(i) / 8000.0;
            signal[i] *= 0.5 + 0.5 * std::sin(6.283185307 * 3.3 * t);
        }
        speech = test::to_pcm16(signal);
        std::size_t at = 16000;
        for (const char digit : digits) {
            const auto key =
                test::sound({.key = digit, .tone_ms = 60.0 + static_cast<double>(random() % 200)}, 8000);
            test::mix_into(signal, key, at);
            keys.emplace_back(at, at + key.size());
            at += key.size() + 600 + random() % 3000;
        }
        sound = test::to_pcm16(signal);
    }
};

class ARecordingOfACard : public ARecording {
  protected:
    /// The call from its first sample to its last, where the blocks that `is_lost` names are left out.
    template <class IsLost>
    std::vector<std::int16_t> recorded(CallRecording& recording, IsLost is_lost) {
        const auto end = static_cast<SampleIndex>(card_.sound.size());
        recording.take(outcome_of(LegChanged{LegChanged::State::answered}, 0));
        for (SampleIndex at = 0; at < end; at += block) {
            RecordedBlock next{at, {}, {}};
            std::copy_n(card_.sound.begin() + at, block, next.heard.begin());
            next.sent = next.heard;
            if (!is_lost(at / block)) {
                recording.tap().put(next);
            }
            recording.settle(at + block);
            if (at % (5 * block) == 0) {
                recording.write();
                most_behind_ = std::max(most_behind_,
                                        at - static_cast<SampleIndex>(std::filesystem::file_size(path_)) / 4);
            }
        }
        recording.take(outcome_of(SessionCompleted{false, 1.0, end, {}}, end));
        EXPECT_TRUE(recording.write().is_over);
        const auto result = recording.result_by(std::chrono::steady_clock::now());
        EXPECT_TRUE(result && result->length == end);
        const auto channels = file().channels;
        EXPECT_EQ(channels.at(1).size(), card_.sound.size());
        return channels.at(0);
    }
    static std::string read(std::span<const std::int16_t> samples) {
        DtmfLimits most;
        most.sensitivity = Sensitivity::sensitive;
        return test::digits(test::hear(samples, 8000, most)) + "/" + test::spandsp_digits(samples);
    }

    const CardOverSpeech card_;
    SampleIndex most_behind_ = 0;
};

TEST_F(ARecordingOfACard, IsReadOutOfItByDefault) {
    CallRecording recording(path_, "c");
    const auto heard = recorded(recording, [](SampleIndex) { return false; });
    EXPECT_EQ(heard, card_.sound);
    EXPECT_EQ(read(heard), card_.digits + "/" + card_.digits);
}

TEST_F(ARecordingOfACard, HasNoKeysWhereTheyAreToBeSilent) {
    CallRecording recording(path_, "c", RecordedKeys::silence);
    const auto heard = recorded(recording, [](SampleIndex) { return false; });
    EXPECT_EQ(read(heard), "/");
    EXPECT_EQ(read(file().channels.at(1)), card_.digits + "/" + card_.digits) << "what was sent stays";
    SampleIndex at = 0;
    for (const auto& [begin, end] : card_.keys) {
        for (; at < begin; ++at) {
            ASSERT_EQ(heard[static_cast<std::size_t>(at)], card_.speech[static_cast<std::size_t>(at)]) << at;
        }
        at = end;
    }
    EXPECT_TRUE(std::equal(heard.begin() + at, heard.end(), card_.speech.begin() + at));
    // It grows by a second at a time, those of the redactor behind the call.
    EXPECT_LE(most_behind_, 12'000 + 8000 + 6 * block);
}

// What is read is the file, with its holes.
TEST_F(ARecordingOfACard, HasNoKeysAlsoWhereBlocksWereLost) {
    CallRecording recording(path_, "c", RecordedKeys::silence);
    const auto heard = recorded(recording, [](SampleIndex i) { return i % 23 == 3 || (i > 400 && i < 420); });
    EXPECT_EQ(read(heard), "/");
    EXPECT_NE(heard, std::vector<std::int16_t>(heard.size())) << "speech is there";
}

// A telephone event has no tone that could be found, and what sounds beside it is not to stay either.
TEST_F(ARecordingOfACard, IsSilentWhereAKeyCameAsAnEvent) {
    CallRecording recording(path_, "c", RecordedKeys::silence);
    recording.take(outcome_of(DigitHeard{'5', 8000, 9000, 0.0}, 8000));
    const auto heard = recorded(recording, [](SampleIndex) { return false; });
    EXPECT_EQ(heard[8000], card_.speech[8000]);
    EXPECT_TRUE(std::all_of(heard.begin() + 8007, heard.begin() + 8993, [](auto s) { return s == 0; }));
    EXPECT_EQ(heard[9000], card_.speech[9000]);
    EXPECT_EQ(file().channels.at(1)[8500], card_.sound[8500]);
}

// The caller hangs up amid a key: the last samples are judged, too.
TEST_F(ARecordingOfACard, ThatEndsInAKeyHasNoneOfIt) {
    CallRecording recording(path_, "c", RecordedKeys::silence);
    const auto& [begin, end] = card_.keys.back();
    const SampleIndex cut = (begin + end) / 2;
    recording.take(outcome_of(LegChanged{LegChanged::State::answered}, 0));
    for (SampleIndex at = 0; at < cut; at += block) {
        RecordedBlock next{at, {}, {}};
        std::copy_n(card_.sound.begin() + at, block, next.heard.begin());
        recording.tap().put(next);
        recording.settle(at + block);
        recording.write();
    }
    recording.take(outcome_of(SessionCompleted{false, 1.0, cut, {}}, cut));
    EXPECT_TRUE(recording.write().is_over);
    const auto heard = file().channels.at(0);
    ASSERT_EQ(std::ssize(heard), cut);
    EXPECT_EQ(read(heard), "/");
    EXPECT_EQ(heard.back(), 0);
}

TEST(ARecordingTap, NeitherAllocatesNorLocksAlsoWhereItIsFull) {
    test::RealTimeWatch audio;
    RecordingTap tap(CallRecording::ring_blocks);
    const RecordedBlock next{};
    for (std::size_t i = 0; i < 2 * CallRecording::ring_blocks; ++i) {
        audio.run([&] { tap.put(next); });
    }
    EXPECT_EQ(audio.violations(), test::Violations{});
    std::size_t taken = 0;
    for (RecordedBlock one; tap.next(one);) {
        ++taken;
    }
    EXPECT_EQ(taken, CallRecording::ring_blocks);
}

/// A folder of recordings and its notes.
class ARecordingsFolder : public testing::Test {
  protected:
    void open(int keep_days = 90) {
        recordings_ = std::make_unique<Recordings>(RecordingOptions{folder_.file("r"), keep_days}, metrics_,
                                                   [this](const RecordingNote& note) {
                                                       const std::lock_guard lock(mutex_);
                                                       notes_.push_back(note);
                                                   });
    }
    [[nodiscard]] std::string path(const std::string& session) const {
        return folder_.file("r/" + Recordings::file_name(session));
    }

    test::TemporaryFolder folder_;
    Metrics metrics_;
    std::mutex mutex_;
    std::vector<RecordingNote> notes_;
    std::unique_ptr<Recordings> recordings_;
};

TEST_F(ARecordingsFolder, WritesSoonAfterTheAgentsPartIsOver) {
    open();
    const std::string session = new_uuid();
    const auto recording = recordings_->open(session, "c");
    recording->take(outcome_of(LegChanged{LegChanged::State::answered}));
    for (SampleIndex at = 0; at < 16000; at += block) {
        recording->tap().put({at, {}, {}});
    }
    EXPECT_EQ(recordings_->file_of(session), std::nullopt) << "it is being written";
    recording->take(outcome_of(SessionCompleted{true, 2.0, 16000, {}}));
    const auto result = recording->result_by(std::chrono::steady_clock::now() + 10s);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->missing, 0);
    EXPECT_EQ(test::read_audio(path(session)).channels[0].size(), 16000U);
    EXPECT_TRUE(Recordings::is_there(folder_.file("r"), Recordings::file_name(session)));
    EXPECT_FALSE(Recordings::is_there(folder_.file("r"), "../r/" + Recordings::file_name(session)));
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    while (!recordings_->file_of(session) && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::yield();
    }
    EXPECT_EQ(recordings_->file_of(session), path(session));
    EXPECT_EQ(recordings_->file_of("../r/" + session), std::nullopt);
    recordings_.reset();
    EXPECT_EQ(metrics_.recordings_open.load(), 0);
    EXPECT_EQ(metrics_.recording_bytes.load(), 64000U);
    EXPECT_EQ(metrics_.recording_lost_blocks.load(), 0U);
    EXPECT_THAT(notes_, IsEmpty());
}

TEST_F(ARecordingsFolder, IsClosedByWhoeverLetsGo) {
    open();
    auto recording = recordings_->open(new_uuid(), "c");
    recording->take(outcome_of(LegChanged{LegChanged::State::answered}));
    recording.reset();
    recordings_.reset(); // Would wait for five seconds.
    EXPECT_EQ(metrics_.recordings_open.load(), 0);
}

// kill -9 between the sound and the header, and before the header.
TEST_F(ARecordingsFolder, CorrectsWhatAServiceBeforeHasLeft) {
    std::filesystem::create_directory(folder_.file("r"));
    const std::string session = new_uuid();
    const std::string cut = new_uuid();
    {
        auto file = WavFile::create(path(session));
        ASSERT_TRUE(file);
        const std::vector<std::int16_t> frames(2 * 8000, 1000);
        ASSERT_FALSE(file->put(0, frames));
    }
    std::ofstream(path(session), std::ios::binary | std::ios::app) << std::string(4003, 'x');
    std::ofstream(path(cut), std::ios::binary) << "RI";
    static_cast<void>(folder_.write("r/notes.txt", "not ours"));
    open();
    EXPECT_EQ(test::read_audio(path(session)).channels[1].size(), 9000U);
    ASSERT_THAT(notes_, IsEmpty());
    EXPECT_FALSE(std::filesystem::exists(path(cut))) << "it was never one";
    EXPECT_TRUE(std::filesystem::exists(folder_.file("r/notes.txt")));
}

TEST_F(ARecordingsFolder, RemovesWhatIsOld) {
    std::filesystem::create_directory(folder_.file("r"));
    const std::string old = new_uuid();
    const std::string young = new_uuid();
    const auto now = std::filesystem::file_time_type::clock::now();
    for (const auto& [name, days] :
         std::map<std::string, int>{{path(old), 31}, {path(young), 29}, {folder_.file("r/a.wav"), 99}}) {
        static_cast<void>(WavFile::create(name));
        std::filesystem::last_write_time(name, now - std::chrono::days(days));
    }
    open(30);
    EXPECT_FALSE(std::filesystem::exists(path(old)));
    EXPECT_TRUE(std::filesystem::exists(path(young)));
    EXPECT_TRUE(std::filesystem::exists(folder_.file("r/a.wav"))) << "which is none of ours";
}

// ---- URLs

TEST(SignedUrl, IsGoodForItsSessionUntilItExpires) {
    const UrlSigner signer("https://keytone.example/", "key");
    const std::string session = "1b4e28ba-2fa1-41d2-883f-0016d3cca427";
    const std::string url = signer.sign(session, 1000);
    const std::string path = "/recordings/" + session + ".wav";
    const std::string expires = std::to_string(1000 + 7 * 24 * 3600);
    const std::string signature = hmac_sha256_hex("key", path + "\n" + expires);
    EXPECT_EQ(url, "https://keytone.example" + path + "?expires=" + expires + "&signature=" + signature);
    EXPECT_EQ(signer.check(path, expires, signature, 1000), session);
    EXPECT_EQ(signer.check(path, expires, signature, 605'799), session) << "replayed";
    EXPECT_FALSE(signer.check(path, expires, signature, 605'800)) << "expired";
    const std::string other = "/recordings/2b4e28ba-2fa1-41d2-883f-0016d3cca427.wav";
    EXPECT_FALSE(signer.check(other, expires, signature, 1000));
    EXPECT_FALSE(signer.check(path, "9999999999", signature, 1000));
    EXPECT_FALSE(signer.check(path, "0" + expires, signature, 1000));
    EXPECT_FALSE(signer.check(path, expires, "", 1000));
    EXPECT_FALSE(signer.check(path, expires, signature.substr(1), 1000));
    EXPECT_FALSE(UrlSigner("https://keytone.example", "another").check(path, expires, signature, 1000));
}

// Even a signature of ours names nothing but a session's file.
TEST(SignedUrl, HasNoRoomForPaths) {
    const UrlSigner signer("", "key");
    for (const std::string name :
         {"../store", "1b4e28ba-2fa1-41d2-883f-0016d3cca42/", "", "1B4E28BA-2FA1-41D2-883F-0016D3CCA427",
          "1b4e28ba-2fa1-41d2-883f-0016d3cca427x", "1b4e28ba52fa1-41d2-883f-0016d3cca427"}) {
        const std::string path = "/recordings/" + name + ".wav";
        EXPECT_FALSE(is_session_name(name)) << name;
        EXPECT_FALSE(signer.check(path, "2000", hmac_sha256_hex("key", path + "\n2000"), 1000)) << name;
    }
    for (const std::string path : {"/recordings/.wav", "/recordings/", "/recordings.wav", "", "/"}) {
        EXPECT_FALSE(signer.check(path, "2000", hmac_sha256_hex("key", path + "\n2000"), 1000)) << path;
    }
    const std::string path = "/recordings/1b4e28ba-2fa1-41d2-883f-0016d3cca427.wav";
    for (const std::string expires : {"", "-1", "2000 ", "0x7d0", "02000", "99999999999999999999"}) {
        EXPECT_FALSE(signer.check(path, expires, hmac_sha256_hex("key", path + "\n" + expires), 1000))
            << expires;
    }
}

} // namespace
} // namespace keytone::server
