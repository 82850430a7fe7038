// SPDX-License-Identifier: MIT
//
// Any bytes as what a network delivers: datagrams, and the time between them. Whatever comes, as many samples
// are played as are asked for, keys begin and end alternately, and what is refused is counted.
#include "engine/rtp/rtcp_packet.hpp"
#include "engine/rtp/rtp_receiver.hpp"
#include "tests/fuzz/choices.hpp"
#include "tests/fuzz/demand.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace {

using namespace keytone;

using keytone::test::demand;

/// A receiver and its host.
class Stream {
  public:
    explicit Stream(test::Choices& choices) : choices_(choices) {}

    void run() {
        while (!choices_.empty()) {
            const std::size_t what = choices_.below(256);
            switch (what % 4) {
            case 0:
                play(1 + what / 4 * 8);
                break;
            case 1: // a header that continues the last one, and any payload
                deliver(follow(what / 4), true);
                break;
            case 2: {
                const auto bytes = choices_.take(what);
                deliver({bytes.begin(), bytes.end()}, false);
                break;
            }
            default:
                now_ += static_cast<SampleIndex>(what) * static_cast<SampleIndex>(choices_.below(256));
                break;
            }
        }
        receiver_.finish([this](const KeyReport& report) { take(report); });
        demand(!sounds_, "all ends at the end");
        demand(receiver_.figures().refused + receiver_.figures().foreign + receiver_.figures().unheard <=
                   delivered_,
               "no more is dropped than came");
    }

  private:
    std::vector<std::uint8_t> follow(std::size_t kind) {
        constexpr std::array<std::uint8_t, 5> types{0, 8, 13, 101, 96};
        header_.payload_type = types[kind % types.size()];
        header_.marker = kind % 2 == 0;
        header_.sequence = static_cast<RtpSequence>(header_.sequence + choices_.below(4));
        header_.timestamp += static_cast<RtpTimestamp>(80 * choices_.below(16));
        const auto header = pack(header_);
        std::vector<std::uint8_t> bytes(header.begin(), header.end());
        const auto payload = choices_.take(header_.payload_type == 101 ? 4 : 3 * kind);
        bytes.insert(bytes.end(), payload.begin(), payload.end());
        return bytes;
    }

    void deliver(const std::vector<std::uint8_t>& bytes, bool is_rtp) {
        ++delivered_;
        const std::uint64_t refused = receiver_.figures().refused;
        receiver_.receive(bytes, now_, [this](const KeyReport& report) { take(report); });
        demand(!is_rtp || receiver_.figures().refused == refused, "what is RTP is not refused");
        if (const auto compound = parse_rtcp(bytes)) {
            demand(compound->cname.size() < bytes.size(), "a name lies within its packet");
            demand(compound->block_count <= RtcpCompound::max_blocks,
                   "there are no more blocks than there is room");
        }
    }

    void play(std::size_t count) {
        std::vector<std::int16_t> out(count);
        SampleCount told = 0;
        receiver_.play(
            now_, out,
            [&](const PlayedStretch& stretch) {
                demand(stretch.begin == played_ + told && stretch.count > 0, "stretches follow each other");
                told += stretch.count;
            },
            [this](const KeyReport& report) { take(report); });
        demand(told == static_cast<SampleCount>(count), "of every sample it is told what it is");
        played_ += told;
        now_ += told;
    }

    void take(const KeyReport& report) {
        demand((report.kind == KeyReport::Kind::begin) != sounds_, "keys begin and end in turn");
        sounds_ = !sounds_;
    }

    test::Choices& choices_;
    RtpReceiver receiver_;
    RtpHeader header_{false, 0, 65'530, 0xFFFF'FF00, 1};
    SampleIndex now_ = 0;
    SampleCount played_ = 0;
    std::uint64_t delivered_ = 0;
    bool sounds_ = false;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    test::Choices choices({data, size});
    Stream(choices).run();
    return 0;
}
