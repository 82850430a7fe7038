// SPDX-License-Identifier: MIT
#include "engine/rtp/rtcp_packet.hpp"

#include "engine/rtp/network_order.hpp"

#include <algorithm>

namespace keytone {

namespace {

constexpr std::uint8_t sender_report = 200;
constexpr std::uint8_t receiver_report = 201;
constexpr std::uint8_t source_description = 202;
constexpr std::uint8_t goodbye = 203;
constexpr std::uint8_t cname_item = 1;
constexpr std::size_t header_size = 4;
constexpr std::size_t sender_info_size = 20;
constexpr std::size_t block_size = 24;
constexpr std::int32_t most_lost = 0x7FFFFF;

/// One packet of a compound.
struct Part {
    std::uint8_t type;
    std::size_t count;                  // the header's five bits
    std::span<const std::uint8_t> body; // behind the header, without padding
};

Result<Part, RtcpRefusal> part_at_front(std::span<const std::uint8_t>& bytes) noexcept {
    if (bytes.size() < header_size) {
        return RtcpRefusal::too_short;
    }
    if (bytes[0] >> 6U != 2) {
        return RtcpRefusal::wrong_version;
    }
    const std::size_t size = header_size + std::size_t{4} * read_16(bytes, 2);
    if (size > bytes.size()) {
        return RtcpRefusal::beyond_end;
    }
    Part part{bytes[1], bytes[0] & 0x1FU, bytes.subspan(header_size, size - header_size)};
    if ((bytes[0] & 0x20U) != 0) {
        const std::size_t padding = part.body.empty() ? 0 : part.body.back();
        if (size != bytes.size() || padding == 0 || padding % 4 != 0 || padding > part.body.size()) {
            return RtcpRefusal::wrong_padding;
        }
        part.body = part.body.first(part.body.size() - padding);
    }
    bytes = bytes.subspan(size);
    return part;
}

RtcpReportBlock read_block(std::span<const std::uint8_t> bytes) noexcept {
    const std::uint32_t lost = read_32(bytes, 4) & 0xFFFFFFU;
    return {read_32(bytes, 0),
            bytes[4],
            static_cast<std::int32_t>(lost) - ((lost & 0x800000U) != 0 ? 0x1000000 : 0),
            read_32(bytes, 8),
            read_32(bytes, 12),
            read_32(bytes, 16),
            read_32(bytes, 20)};
}

/// A report, of a sender or a receiver. False when it is too short for its blocks.
bool read_report(const Part& part, RtcpCompound& into, bool is_first) noexcept {
    const std::size_t info = part.type == sender_report ? sender_info_size : 0;
    if (part.body.size() < 4 + info + part.count * block_size) {
        return false;
    }
    if (is_first) {
        into.ssrc = read_32(part.body, 0);
        if (info > 0) {
            into.sender =
                RtcpSenderInfo{NtpTime{read_32(part.body, 4)} << 32U | read_32(part.body, 8),
                               read_32(part.body, 12), read_32(part.body, 16), read_32(part.body, 20)};
        }
    }
    auto blocks = part.body.subspan(4 + info);
    for (std::size_t i = 0; i < part.count && into.block_count < RtcpCompound::max_blocks; ++i) {
        into.blocks[into.block_count++] = read_block(blocks);
        blocks = blocks.subspan(block_size);
    }
    return true;
}

/// Chunks of one source each: its SSRC, items, a zero, and zeros up to a whole word. 6.5.
bool read_description(const Part& part, RtcpCompound& into) noexcept {
    std::size_t at = 0;
    for (std::size_t chunk = 0; chunk < part.count; ++chunk) {
        if (part.body.size() - at < 4) {
            return false;
        }
        const std::uint32_t source = read_32(part.body, at);
        at += 4;
        while (at < part.body.size() && part.body[at] != 0) {
            if (part.body.size() - at < 2 || part.body.size() - at - 2 < part.body[at + 1]) {
                return false;
            }
            const std::size_t size = part.body[at + 1];
            if (part.body[at] == cname_item && source == into.ssrc) {
                const auto text = part.body.subspan(at + 2, size);
                into.cname = {reinterpret_cast<const char*>(text.data()), text.size()};
            }
            at += 2 + size;
        }
        at = std::min((at / 4 + 1) * 4, part.body.size());
    }
    return true;
}

bool read_goodbye(const Part& part, RtcpCompound& into) noexcept {
    if (part.body.size() < 4 * part.count) {
        return false;
    }
    for (std::size_t i = 0; i < part.count; ++i) {
        into.bye = into.bye || read_32(part.body, 4 * i) == into.ssrc;
    }
    return true;
}

/// Writes one number after the other.
class Writer {
  public:
    explicit Writer(std::span<std::uint8_t> out) noexcept : out_(out) {}

    void byte(std::size_t number) noexcept { out_[size_++] = static_cast<std::uint8_t>(number); }
    void word(std::uint32_t number) noexcept {
        write_32(out_, size_, number);
        size_ += 4;
    }
    void header(std::size_t count, std::uint8_t type, std::size_t size) noexcept {
        word(0x80000000U | static_cast<std::uint32_t>(count << 24U) | std::uint32_t{type} << 16U |
             static_cast<std::uint32_t>(size / 4 - 1));
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

  private:
    std::span<std::uint8_t> out_;
    std::size_t size_ = 0;
};

void write_block(const RtcpReportBlock& block, Writer& writer) noexcept {
    const std::int32_t lost = std::clamp(block.cumulative_lost, -most_lost - 1, most_lost);
    writer.word(block.ssrc);
    writer.word(std::uint32_t{block.fraction_lost} << 24U | (static_cast<std::uint32_t>(lost) & 0xFFFFFFU));
    writer.word(block.highest_sequence);
    writer.word(block.jitter);
    writer.word(block.last_sr);
    writer.word(block.delay_since_last_sr);
}

} // namespace

const RtcpReportBlock* RtcpCompound::about(std::uint32_t source) const noexcept {
    const auto all = std::span(blocks).first(block_count);
    const auto found = std::ranges::find(all, source, &RtcpReportBlock::ssrc);
    return found == all.end() ? nullptr : &*found;
}

Result<RtcpCompound, RtcpRefusal> parse_rtcp(std::span<const std::uint8_t> bytes) noexcept {
    RtcpCompound compound;
    bool is_first = true;
    do {
        const auto part = part_at_front(bytes);
        if (!part) {
            return part.error();
        }
        const bool is_report = part->type == sender_report || part->type == receiver_report;
        if (is_first && !is_report) {
            return RtcpRefusal::wrong_first;
        }
        const bool is_whole = is_report                          ? read_report(*part, compound, is_first)
                              : part->type == source_description ? read_description(*part, compound)
                              : part->type == goodbye            ? read_goodbye(*part, compound)
                                                                 : true;
        if (!is_whole) {
            return RtcpRefusal::wrong_count;
        }
        is_first = false;
    } while (!bytes.empty());
    return compound;
}

std::size_t write_rtcp(const RtcpReport& report, std::span<std::uint8_t, max_rtcp_size> out) noexcept {
    Writer writer(out);
    const std::size_t blocks = report.block ? 1 : 0;
    writer.header(blocks, report.sender ? sender_report : receiver_report,
                  header_size + 4 + (report.sender ? sender_info_size : 0) + blocks * block_size);
    writer.word(report.ssrc);
    if (report.sender) {
        writer.word(static_cast<std::uint32_t>(report.sender->ntp >> 32U));
        writer.word(static_cast<std::uint32_t>(report.sender->ntp & 0xFFFFFFFFU));
        writer.word(report.sender->timestamp);
        writer.word(report.sender->packets);
        writer.word(report.sender->octets);
    }
    if (report.block) {
        write_block(*report.block, writer);
    }
    const std::string_view cname = report.cname.substr(0, 255);
    // At least one zero ends the items.
    const std::size_t chunk = (4 + 2 + cname.size() + 1 + 3) / 4 * 4;
    const std::size_t end = writer.size() + header_size + chunk;
    writer.header(1, source_description, header_size + chunk);
    writer.word(report.ssrc);
    writer.byte(cname_item);
    writer.byte(cname.size());
    for (const char character : cname) {
        writer.byte(static_cast<std::uint8_t>(character));
    }
    while (writer.size() < end) {
        writer.byte(0);
    }
    if (report.bye) {
        writer.header(1, goodbye, header_size + 4);
        writer.word(report.ssrc);
    }
    return writer.size();
}

} // namespace keytone
