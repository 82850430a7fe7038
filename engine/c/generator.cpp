// SPDX-License-Identifier: MIT
#include "dsp/dtmf_generator.hpp"
#include "engine/c/guard.hpp"

struct keytone_generator {
    keytone::DtmfGenerator generator;
};

void keytone_tone_config_init(keytone_tone_config* config) {
    if (config != nullptr) {
        const keytone::DtmfTone tone;
        *config = {sizeof *config,       8000,
                   tone.tone.value,      tone.gap.value,
                   tone.edge.value,      tone.low_level.value,
                   tone.high_level.value};
    }
}

keytone_error keytone_generator_create(const char* digits, const keytone_tone_config* config,
                                       keytone_generator** generator) {
    const auto wanted = keytone::c::read(config, keytone_tone_config_init, sizeof(keytone_tone_config));
    if (digits == nullptr || generator == nullptr || !wanted) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    return keytone::c::guarded([&] {
        using keytone::Dbm0;
        using keytone::Milliseconds;
        const auto rate = keytone::SampleRate::from_hz(wanted->rate_hz);
        if (!rate) {
            return keytone::c::error_of(rate.error());
        }
        const auto parsed = keytone::DigitString::parse(digits);
        if (!parsed) {
            return keytone::c::error_of(parsed.error().error);
        }
        const keytone::DtmfTone tone{.tone = Milliseconds{wanted->tone_ms},
                                     .gap = Milliseconds{wanted->gap_ms},
                                     .edge = Milliseconds{wanted->edge_ms},
                                     .low_level = Dbm0{wanted->low_dbm0},
                                     .high_level = Dbm0{wanted->high_dbm0}};
        const auto made = keytone::DtmfGenerator::create(*parsed, tone, *rate);
        if (!made) {
            return keytone::c::error_of(made.error());
        }
        *generator = new keytone_generator{*made};
        return KEYTONE_OK;
    });
}

void keytone_generator_destroy(keytone_generator* generator) {
    delete generator;
}

keytone_error keytone_generator_generate(keytone_generator* generator, int16_t* samples, size_t count,
                                         size_t* written) KEYTONE_NONBLOCKING {
    if (generator == nullptr || written == nullptr || (samples == nullptr && count > 0)) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    *written = generator->generator.generate(std::span<std::int16_t>(samples, count));
    return KEYTONE_OK;
}

int64_t keytone_generator_length(const keytone_generator* generator) {
    return generator == nullptr ? 0 : generator->generator.length();
}

keytone_error keytone_generator_reset(keytone_generator* generator) KEYTONE_NONBLOCKING {
    if (generator == nullptr) {
        return KEYTONE_ERROR_ARGUMENT;
    }
    generator->generator.reset();
    return KEYTONE_OK;
}
