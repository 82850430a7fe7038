// SPDX-License-Identifier: MIT
//
// Audio devices by PortAudio, which no other source uses.
#pragma once

#include "dsp/function_ref.hpp"
#include "dsp/nonblocking.hpp"
#include "dsp/result.hpp"
#include "dsp/sample_rate.hpp"
#include "engine/io/device/audio_device.hpp"
#include "engine/io/device/stall_watch.hpp"
#include "engine/io/device/stream_health.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace keytone::io {

/// The audio systems of this machine, available while this object lives. One at a time. `[control]`
class AudioSystem {
  public:
    static Result<AudioSystem, DeviceError> open();
    AudioSystem(AudioSystem&& other) noexcept;
    AudioSystem& operator=(AudioSystem&&) = delete;
    ~AudioSystem();

    /// All devices, for input and output.
    [[nodiscard]] std::vector<AudioDevice> devices() const;
    /// Whether the device supports this rate.
    [[nodiscard]] bool supports(const AudioDevice& device, AudioDirection direction, SampleRate rate) const;

  private:
    AudioSystem() = default;
    bool open_ = true;
};

/// One block of a stream, with interleaved frames: the samples of all channels at one instant, then those of
/// the next.
struct AudioBlock {
    std::size_t frames;
    std::span<const std::int16_t> heard; ///< Empty for an output, and when an input has nothing to deliver.
    std::span<std::int16_t> sent;        ///< To be filled; empty for an input.
};

/// What a stream gets its samples from, or delivers them to.
class StreamClient {
  public:
    StreamClient() = default;
    virtual ~StreamClient() = default;
    StreamClient(const StreamClient&) = delete;
    StreamClient& operator=(const StreamClient&) = delete;

    /// `[audio]`
    virtual void on_block(const AudioBlock& block) noexcept KEYTONE_NONBLOCKING = 0;
};

/// What to open.
struct StreamSettings {
    AudioDevice device;
    AudioDirection direction;
    int channels; ///< Requested; a device that does not open with so few is opened with all that it has.
    SampleRate rate;
};

/// Samples from a device or to it, on the audio system's own thread. `[control]`, except where marked.
class AudioStream {
  public:
    /// Makes the client, once the number of channels is known.
    using ClientMaker = FunctionRef<std::shared_ptr<StreamClient>(std::size_t channels)>;

    /// Opens and starts a stream.
    static Result<AudioStream, DeviceError> open(const AudioSystem& system, const StreamSettings& settings,
                                                 ClientMaker make_client);
    AudioStream(AudioStream&&) noexcept;
    AudioStream& operator=(AudioStream&&) = delete;
    /// Calls close().
    ~AudioStream();

    /// The number of blocks so far, and what went wrong with them.
    [[nodiscard]] StreamCounts counts() const;
    /// Seconds between a sample and its sound, either way, as the audio system estimates.
    [[nodiscard]] double latency_s() const;
    /// The reason, if no more samples will come: the device was unplugged, or its audio system has ended. To
    /// be called several times a second.
    std::optional<DeviceError> failure();

    /// Ends the stream: the client is not called any more. False when the audio system does not end it; then
    /// the client, the stream and the audio system are left alone until the program ends.
    bool close();

  private:
    struct State;
    explicit AudioStream(std::unique_ptr<State> state);
    void abandon();

    std::unique_ptr<State> state_;
};

} // namespace keytone::io
