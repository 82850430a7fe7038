// SPDX-License-Identifier: MIT
//
// Two decoders that share nothing with keytone (SpanDSP, multimon-ng) read what keytone writes, and keytone
// detects what another program (sox) generates.
#include "dsp/dtmf_generator.hpp"
#include "engine/io/wav_writer.hpp"
#include "tests/support/audio_file.hpp"
#include "tests/support/heard_keys.hpp"
#include "tests/support/peer_programs.hpp"
#include "tests/support/spandsp_decoder.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string>
#include <vector>

namespace keytone::test {
namespace {

/// Every key, every key twice in a row, and all in another order.
constexpr std::string_view dialled = "0123456789*#ABCD00112233445566778899**##AABBCCDD7*5B2#9A4C1860D3";

void render(const std::string& path, const DtmfTone& tone, int rate_hz, io::WavEncoding encoding) {
    auto generator = DtmfGenerator::create(*DigitString::parse(dialled), tone, *SampleRate::from_hz(rate_hz));
    ASSERT_TRUE(generator) << text(generator.error());
    auto writer = io::WavWriter::create(path, rate_hz, 1, encoding);
    ASSERT_TRUE(writer) << writer.error().message;
    std::array<float, 1000> block{};
    for (std::size_t count = generator->generate(std::span(block)); count > 0;
         count = generator->generate(std::span(block))) {
        const auto written = writer->write(std::span<const float>(block.data(), count));
        ASSERT_TRUE(written) << written.error().message;
    }
    const auto closed = writer->close();
    ASSERT_TRUE(closed) << closed.error().message;
}

struct Rendering {
    const char* name;
    DtmfTone tone{};
    int rate_hz = 8000;
    io::WavEncoding encoding = io::WavEncoding::pcm16;
};

std::ostream& operator<<(std::ostream& out, const Rendering& rendering) {
    return out << rendering.name;
}

std::string name_of(const testing::TestParamInfo<Rendering>& info) {
    return info.param.name;
}

class Rendered : public testing::TestWithParam<Rendering> {
  protected:
    void SetUp() override {
        const auto& [name, tone, rate_hz, encoding] = GetParam();
        ASSERT_NO_FATAL_FAILURE(render(path(), tone, rate_hz, encoding));
    }
    [[nodiscard]] std::string path() const { return folder_.file("rendered.wav"); }

  private:
    TemporaryFolder folder_;
};

constexpr DtmfTone tone_of(double tone_ms, double gap_ms, double low_dbm0 = -10.0, double high_dbm0 = -8.0) {
    return {.tone = {tone_ms}, .gap = {gap_ms}, .low_level = {low_dbm0}, .high_level = {high_dbm0}};
}

class SpandspHears : public Rendered {};

TEST_P(SpandspHears, ExactlyTheDigits) {
    EXPECT_EQ(spandsp_digits(sox_samples_8khz(path())), dialled);
}

class OpenedSpandspHears : public Rendered {};

// SpanDSP's default limits miss keys from 6.5 dB low over high and from 3.25 dB high over low on, because of
// what its blocks of 12.75 ms leak from tone to tone. With limits beyond Q.24's it can judge keys at Q.24's
// limits.
TEST_P(OpenedSpandspHears, ExactlyTheDigits) {
    constexpr SpandspTwist opened{.max_low_over_high_db = 12, .max_high_over_low_db = 6};
    EXPECT_EQ(spandsp_digits(sox_samples_8khz(path()), opened), dialled);
}

class MultimonHears : public Rendered {};

TEST_P(MultimonHears, ExactlyTheDigits) {
    EXPECT_EQ(multimon_digits(path()), dialled);
}

const auto as_shipped = testing::Values(
    Rendering{"default"}, Rendering{"at16kHz", {}, 16000}, Rendering{"at32kHz", {}, 32000},
    Rendering{"at44kHz", {}, 44100}, Rendering{"at48kHz", {}, 48000},
    Rendering{"ulaw", {}, 8000, io::WavEncoding::ulaw}, Rendering{"alaw", {}, 8000, io::WavEncoding::alaw},
    Rendering{"float32", {}, 8000, io::WavEncoding::float32});
INSTANTIATE_TEST_SUITE_P(AsShipped, SpandspHears, as_shipped, name_of);
INSTANTIATE_TEST_SUITE_P(AsShipped, MultimonHears, as_shipped, name_of);

// The shortest tones and cycles of Q.24, the loudest and the weakest keys.
const auto at_the_limits =
    testing::Values(Rendering{"tone50gap50", tone_of(50, 50)}, Rendering{"tone40gap40", tone_of(40, 40)},
                    Rendering{"loud", tone_of(50, 50, -3, -3)}, Rendering{"weak", tone_of(50, 50, -25, -25)},
                    Rendering{"ulaw50", tone_of(50, 50), 8000, io::WavEncoding::ulaw},
                    Rendering{"at48kHz50", tone_of(50, 50), 48000});
INSTANTIATE_TEST_SUITE_P(AtTheLimits, SpandspHears, at_the_limits, name_of);
INSTANTIATE_TEST_SUITE_P(AtTheLimits, MultimonHears, at_the_limits, name_of);

// The greatest level differences that Q.24 allows (AT&T). multimon-ng detects no key whose low tone is 6 dB
// or more above the high one: there SpanDSP judges alone.
INSTANTIATE_TEST_SUITE_P(LevelsApart, OpenedSpandspHears,
                         testing::Values(Rendering{"highOver4dB", tone_of(50, 50, -12, -8)},
                                         Rendering{"highOver4dB40", tone_of(40, 40, -12, -8)},
                                         Rendering{"lowOver8dB", tone_of(50, 50, -6, -14)},
                                         Rendering{"lowOver8dB40", tone_of(40, 40, -6, -14)}),
                         name_of);
INSTANTIATE_TEST_SUITE_P(LevelsApart, MultimonHears,
                         testing::Values(Rendering{"highOver4dB", tone_of(50, 50, -12, -8)},
                                         Rendering{"lowOver4dB", tone_of(50, 50, -7, -11)}),
                         name_of);

// The other way round: sox generates, keytone detects.

struct SoxSending {
    int rate_hz;
    double tone_s;
    double gap_s;
    const char* encoding = "signed";
    const char* bits = "16";
    const char* extension = ".wav";
};

std::ostream& operator<<(std::ostream& out, const SoxSending& sending) {
    return out << sending.rate_hz << " Hz, " << sending.tone_s << " s / " << sending.gap_s << " s, "
               << sending.encoding << ' ' << sending.extension;
}

class KeytoneHearsSox : public testing::TestWithParam<SoxSending> {};

TEST_P(KeytoneHearsSox, EveryKeyForAsLongAsItSounds) {
    const SoxSending& sending = GetParam();
    const std::string rate = std::to_string(sending.rate_hz);
    for (unsigned position = 0; position < 16; ++position) {
        constexpr std::array rows{"697", "770", "852", "941"};
        constexpr std::array columns{"1209", "1336", "1477", "1633"};
        const char key = "123A456B789C*0#D"[position];
        SCOPED_TRACE(key);
        const TemporaryFolder folder;
        const std::string path = folder.file(std::string("sent") + sending.extension);
        const std::string tone = std::to_string(sending.tone_s);
        const std::string gap = std::to_string(sending.gap_s);
        // Two sines, mixed half and half, after a gap; `repeat 2` repeats that twice.
        sox_synthesise({"-r", rate, "-c", "1", "-e", sending.encoding, "-b", sending.bits}, path,
                       {"synth", tone, "sine", rows[position / 4], "sine", columns[position % 4], "remix",
                        "-", "gain", "-6", "pad", gap, "0", "repeat", "2"});
        const AudioFile sent = read_audio(path);
        ASSERT_EQ(sent.channels.size(), 1U);
        const auto heard = hear(sent.channels[0], sent.rate_hz);
        ASSERT_EQ(digits(heard), std::string(3, key));
        for (std::size_t i = 0; i < heard.size(); ++i) {
            const double cycle_s = sending.tone_s + sending.gap_s;
            EXPECT_NEAR(heard[i].start_s, static_cast<double>(i) * cycle_s + sending.gap_s, 0.003);
            EXPECT_NEAR(heard[i].duration_s, sending.tone_s, 0.005);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(AtEveryRate, KeytoneHearsSox,
                         testing::Values(SoxSending{8000, 0.1, 0.1}, SoxSending{16000, 0.1, 0.1},
                                         SoxSending{32000, 0.1, 0.1}, SoxSending{44100, 0.1, 0.1},
                                         SoxSending{48000, 0.1, 0.1}, SoxSending{8000, 0.05, 0.05},
                                         SoxSending{16000, 0.05, 0.05}, SoxSending{32000, 0.05, 0.05},
                                         SoxSending{44100, 0.05, 0.05}, SoxSending{48000, 0.05, 0.05},
                                         SoxSending{8000, 0.04, 0.04}));
INSTANTIATE_TEST_SUITE_P(InEveryFormat, KeytoneHearsSox,
                         testing::Values(SoxSending{8000, 0.06, 0.06, "u-law", "8"},
                                         SoxSending{8000, 0.06, 0.06, "a-law", "8"},
                                         SoxSending{8000, 0.06, 0.06, "floating-point", "32"},
                                         SoxSending{48000, 0.06, 0.06, "signed", "24"},
                                         SoxSending{48000, 0.06, 0.06, "signed", "16", ".flac"},
                                         SoxSending{8000, 0.06, 0.06, "u-law", "8", ".au"}));

} // namespace
} // namespace keytone::test
