// SPDX-License-Identifier: MIT
//
// Any bytes as what a network delivers: packets with any timestamps and payloads, a clock that goes anywhere,
// and a detector that hears other keys. Whatever comes, keys begin and end alternately, and every packet is
// accounted for.
#include "dsp/events/key_merger.hpp"
#include "dsp/events/telephone_event_receiver.hpp"
#include "tests/fuzz/demand.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace {

using namespace keytone;

using keytone::test::demand;

/// The bytes as numbers, one after the other; 0 after the last byte.
class Numbers {
  public:
    explicit Numbers(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    std::uint32_t next(std::size_t size) {
        std::uint32_t number = 0;
        for (; size > 0; --size) {
            number <<= 8U;
            if (!bytes_.empty()) {
                number |= bytes_.front();
                bytes_ = bytes_.subspan(1);
            }
        }
        return number;
    }
    std::span<const std::uint8_t> bytes(std::size_t size) {
        const auto taken = bytes_.first(std::min(size, bytes_.size()));
        bytes_ = bytes_.subspan(taken.size());
        return taken;
    }
    [[nodiscard]] bool empty() const { return bytes_.empty(); }

  private:
    std::span<const std::uint8_t> bytes_;
};

/// Checks that begin and end alternate, each end with its begin's key and onset.
class Turns {
  public:
    void take(const KeyReport& report) {
        if (report.kind == KeyReport::Kind::begin) {
            demand(!sounds_, "a key begins when the last one is over");
            demand(report.duration == 0, "what begins has no duration");
        } else {
            demand(sounds_, "a key ends that began");
            demand(report.key == begun_.key && report.onset == begun_.onset, "it is the one that began");
            demand(report.duration >= 0 && report.duration <= SampleCount{0xFFFF'FFFF}, "durations are none");
        }
        sounds_ = report.kind == KeyReport::Kind::begin;
        begun_ = report;
    }
    [[nodiscard]] bool sounds() const { return sounds_; }

  private:
    bool sounds_ = false;
    KeyReport begun_{KeyReport::Kind::end, KeyReport::Source::in_band, Key::at(0, 0), 0, 0, {}, false};
};

/// One stream and its host.
class Stream {
  public:
    explicit Stream(Numbers& numbers)
        : numbers_(numbers),
          rate_(
              *SampleRate::from_hz(SampleRate::offered_hz[numbers.next(1) % SampleRate::offered_hz.size()])),
          receiver_(rate_),
          merger_({*SampleRate::from_hz(48000), rate_, numbers.next(1)}) {}

    void run() {
        const auto take_event = [this](const KeyReport& report) {
            events_.take(report);
            merger_.hear(report, [this](const KeyReport& merged) { merged_.take(merged); });
        };
        while (!numbers_.empty()) {
            const std::uint32_t what = numbers_.next(1);
            switch (what % 8) {
            case 0:
                timestamp_ = numbers_.next(4);
                break;
            case 1:
                receiver_.advance(timestamp_ + numbers_.next(2), take_event);
                break;
            case 2:
                hear_tone();
                break;
            case 3:
                deliver(numbers_.bytes(numbers_.next(1)), what, take_event);
                break;
            case 4:
                timestamp_ -= numbers_.next(2);
                break;
            case 5:
                timestamp_ += numbers_.next(2);
                break;
            default: // what may be a key
                deliver(pack({static_cast<std::uint8_t>(numbers_.next(1) % 18), (what & 0x10U) != 0, 10,
                              static_cast<std::uint16_t>(numbers_.next(2))}),
                        what, take_event);
                break;
            }
        }
        receiver_.finish(take_event);
        demand(!events_.sounds(), "all ends at the end");
        const TelephoneEventsIgnored& ignored = receiver_.ignored();
        demand(ignored.malformed + ignored.not_keys + ignored.no_duration + ignored.overtaken <= delivered_,
               "no more is ignored than came");
    }

  private:
    void deliver(std::span<const std::uint8_t> payload, std::uint32_t what,
                 TelephoneEventReceiver::Sink sink) {
        // Exactly as long as stated, so that a sanitizer detects an access beyond the end.
        const std::vector<std::uint8_t> bytes(payload.begin(), payload.end());
        delivered_ += std::max(bytes.size() / TelephoneEvent::size, std::size_t{1});
        const bool marker = (what & 0x20U) != 0;
        if ((what & 0x40U) == 0) {
            receiver_.receive(timestamp_, marker, bytes, sink);
            return;
        }
        // The next packet's number, an earlier one, or any.
        sequence_ = static_cast<RtpSequence>((what & 0x80U) == 0 ? sequence_ + 1 : numbers_.next(2));
        receiver_.receive(sequence_, timestamp_, marker, bytes, sink);
    }

    void hear_tone() {
        const auto take = [this](const KeyReport& merged) { merged_.take(merged); };
        DtmfReport tone{DtmfReport::Kind::hint,
                        *Key::from_event_code(numbers_.next(1) % 16),
                        SampleIndex{numbers_.next(4)} * 1000,
                        0,
                        {},
                        {},
                        {},
                        {},
                        {}};
        for (const auto kind : {DtmfReport::Kind::hint, DtmfReport::Kind::begin, DtmfReport::Kind::end}) {
            tone.kind = kind;
            tone.duration = kind == DtmfReport::Kind::end ? numbers_.next(3) : 0;
            merger_.hear(tone, take);
        }
    }

    Numbers& numbers_;
    SampleRate rate_;
    TelephoneEventReceiver receiver_;
    KeyMerger merger_;
    Turns events_;
    Turns merged_;
    RtpTimestamp timestamp_ = 0;
    RtpSequence sequence_ = 0;
    std::uint64_t delivered_ = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Numbers numbers({data, size});
    Stream(numbers).run();
    return 0;
}
