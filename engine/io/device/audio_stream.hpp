// SPDX-License-Identifier: MIT
//
// Devices by PortAudio. No other source knows of it.
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

/// The audio systems of this machine, while this lives. One at a time. `[control]`
class AudioSystem {
  public:
    static Result<AudioSystem, DeviceError> open();
    AudioSystem(AudioSystem&& other) noexcept;
    AudioSystem& operator=(AudioSystem&&) = delete;
    ~AudioSystem();

    /// All that can be heard or sounded on.
    [[nodiscard]] std::vector<AudioDevice> devices() const;
    /// Whether the device works at this rate.
    [[nodiscard]] bool supports(const AudioDevice& device, AudioDirection direction, SampleRate rate) const;

  private:
    AudioSystem() = default;
    bool open_ = true;
};

/// One block of a stream, frame by frame: the samples of all channels at one instant, then those of the next.
struct AudioBlock {
    std::size_t frames;
    std::span<const std::int16_t>
        heard; ///< None of an output; empty, too, when the device has nothing to hand over.
    std::span<std::int16_t> sent; ///< To be filled; none of an input.
};

/// What a stream asks for samples, or brings them to.
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
    int channels; ///< Wanted; a device that does not part with so few gives all that it has.
    SampleRate rate;
};

/// Samples from a device or to it, on the audio system's own thread. `[control]`, but for what is marked.
class AudioStream {
  public:
    /// Makes the client once the number of channels is known.
    using ClientMaker = FunctionRef<std::shared_ptr<StreamClient>(std::size_t channels)>;

    /// Opens and starts it.
    static Result<AudioStream, DeviceError> open(const AudioSystem& system, const StreamSettings& settings,
                                                 ClientMaker make_client);
    AudioStream(AudioStream&&) noexcept;
    AudioStream& operator=(AudioStream&&) = delete;
    /// close()s it.
    ~AudioStream();

    /// Blocks so far, and what went wrong with them.
    [[nodiscard]] StreamCounts counts() const;
    /// Seconds from a sample's hand-over to its sound, or from its sound to its hand-over, as the audio
    /// system reckons.
    [[nodiscard]] double latency_s() const;
    /// Why no more samples will come, if so: the device was unplugged, or its audio system has ended. To be
    /// asked several times a second.
    std::optional<DeviceError> failure();

    /// Ends the stream: nothing is asked of the client any more. False when the audio system does not let go;
    /// then the client, the stream and the audio system are left alone until the program ends.
    bool close();

  private:
    struct State;
    explicit AudioStream(std::unique_ptr<State> state);
    void abandon();

    std::unique_ptr<State> state_;
};

} // namespace keytone::io
