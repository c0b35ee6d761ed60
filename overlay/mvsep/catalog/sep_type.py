"""The separation types the service is known to offer, by number."""

from __future__ import annotations

from mvsep.core.enums import TolerantIntEnum


class SepType(TolerantIntEnum):
    """A separation type: which model separates the mixture into which stems.

    The number is what the service takes as `sep_type` and lists as `render_id`. It is never the
    `id` of that list, which is another number. Any integer is accepted and kept, so a type newer
    than this release is `SepType(134)`, named `UNKNOWN_134`, with `known` False. What a job is
    created with is a number from 0.

    A member is the service's name before the parenthesis in upper snake case; where two types
    share that name, the words in the parenthesis follow. A member is never renamed, even when
    the service renames the type, and never removed. The `__doc__` of each is the service's name,
    as the bundled catalogue has it; its `captured` says of when.

    Raises:
        ValueError: For what is not an integer, booleans included.
    """

    SPLEETER = 0
    """spleeter"""
    UNMIX = 3
    """UnMix"""
    MDX_A_B = 7
    """MDX A/B (vocals, drums, bass, other)"""
    ULTIMATE_VOCAL_REMOVER_VR = 9
    """Ultimate Vocal Remover VR (vocals, music)"""
    DEMUCS3_MODEL = 10
    """Demucs3 Model (vocals, drums, bass, other)"""
    MDX_B_KARAOKE = 12
    """MDX-B Karaoke (lead/back vocals)"""
    DEMUCS2 = 13
    """Demucs2 (vocals, drums, bass, other)"""
    ZERO_SHOT = 14
    """Zero Shot (Query Based) (Low quality)"""
    DANNA_SEP = 15
    """Danna Sep (vocals, drums, bass, other)"""
    BYTE_DANCE = 16
    """Byte Dance (vocals, drums, bass, other)"""
    UVRV5_DEMUCS = 17
    """UVRv5 Demucs (vocals, music)"""
    MVSEP_DNR = 18
    """MVSep DNR (music, sfx, speech)"""
    MVSEP_OLD_VOCAL_MODEL = 19
    """MVSep Old Vocal Model (vocals, music)"""
    DEMUCS4_HT = 20
    """Demucs4 HT (vocals, drums, bass, other)"""
    REVERB_REMOVAL = 22
    """Reverb Removal (noreverb)"""
    MDX_B = 23
    """MDX B (vocals, instrumental)"""
    MVSEP_DEMUCS4HT_DNR = 24
    """MVSep Demucs4HT DNR (speech, music, effects)"""
    MDX23C = 25
    """MDX23C (vocals, instrumental)"""
    ENSEMBLE_VOCALS_INSTRUM = 26
    """Ensemble (vocals, instrum)"""
    DEMUCS4_VOCALS_2023 = 27
    """Demucs4 Vocals 2023 (vocals, instrum)"""
    ENSEMBLE_VOCALS_INSTRUM_BASS_DRUMS_OTHER = 28
    """Ensemble (vocals, instrum, bass, drums, other)"""
    MVSEP_PIANO = 29
    """MVSep Piano (piano, other)"""
    ENSEMBLE_ALL_IN = 30
    """Ensemble All-In (vocals, bass, drums, piano, guitar, lead/back vocals, other)"""
    MVSEP_GUITAR = 31
    """MVSep Guitar (guitar, other)"""
    VIT_LARGE_23 = 33
    """Vit Large 23 (vocals, instrum)"""
    MVSEP_CROWD_REMOVAL = 34
    """MVSep Crowd removal (crowd, other)"""
    MVSEP_MELBAND_ROFORMER = 35
    """MVSep MelBand Roformer (vocals, instrum)"""
    BANDIT_PLUS = 36
    """BandIt Plus (speech, music, effects)"""
    DRUMSEP = 37
    """DrumSep (4-6 stems: kick, snare, cymbals, toms, ride, hh, crash)"""
    LARSNET = 38
    """LarsNet (kick, snare, cymbals, toms, hihat)"""
    WHISPER = 39
    """Whisper (extract text from audio)"""
    BS_ROFORMER = 40
    """BS Roformer (vocals, instrumental)"""
    MVSEP_BASS = 41
    """MVSep Bass (bass, other)"""
    MVSEP_MULTISPEAKER = 42
    """MVSep MultiSpeaker (MDX23C)"""
    MVSEP_MULTICHANNEL_BS = 43
    """MVSep Multichannel BS (vocals, instrumental)"""
    MVSEP_DRUMS = 44
    """MVSep Drums (drums, other)"""
    BANDIT_V2 = 45
    """BandIt v2 (speech, music, effects)"""
    SCNET = 46
    """SCNet (vocals, instrumental)"""
    DENOISE_BY_AUFR33_AND_GABOX = 47
    """DeNoise by aufr33 and gabox"""
    MELBAND_ROFORMER = 48
    """MelBand Roformer (vocals, instrumental)"""
    MVSEP_KARAOKE = 49
    """MVSep Karaoke (lead/back vocals)"""
    ASPIRATION = 50
    """Aspiration (by Sucial)"""
    APOLLO_ENHANCERS = 51
    """Apollo Enhancers (by JusperLee, Lew, baicai1145)"""
    MVSEP_BOWED_STRINGS = 52
    """MVSep Bowed Strings (strings, other)"""
    MEDLEY_VOX = 53
    """Medley Vox (Multi-singer separation)"""
    MVSEP_WIND = 54
    """MVSep Wind (wind, other)"""
    PHANTOM_CENTRE_EXTRACTION = 55
    """Phantom Centre extraction"""
    MVSEP_DNR_V3 = 56
    """MVSep DnR v3 (speech, music, effects)"""
    MVSEP_MALE_FEMALE_SEPARATION = 57
    """MVSep Male/Female separation"""
    MVSEP_ORGAN = 58
    """MVSep Organ (organ, other)"""
    AUDIOSR = 59
    """AudioSR (Super Resolution)"""
    FLASHSR = 60
    """FlashSR (Super Resolution)"""
    MVSEP_SAXOPHONE = 61
    """MVSep Saxophone (saxophone, other)"""
    STABLE_AUDIO_OPEN_GEN = 62
    """Stable Audio Open Gen"""
    BS_ROFORMER_SW = 63
    """BS Roformer SW (vocals, bass, drums, guitar, piano, other)"""
    PARAKEET = 64
    """Parakeet (extract text from audio)"""
    MVSEP_VIOLIN = 65
    """MVSep Violin (violin, other)"""
    MVSEP_ACOUSTIC_GUITAR = 66
    """MVSep Acoustic Guitar (acoustic-guitar, other)"""
    MVSEP_FLUTE = 67
    """MVSep Flute (flute, other)"""
    MATCHERING = 68
    """Matchering (by sergree)"""
    MVSEP_VIOLA = 69
    """MVSep Viola (viola, other)"""
    MVSEP_CELLO = 70
    """MVSep Cello (cello, other)"""
    MVSEP_TRUMPET = 71
    """MVSep Trumpet (trumpet, other)"""
    MVSEP_HARP = 72
    """MVSep Harp (harp, other)"""
    MVSEP_DOUBLE_BASS = 73
    """MVSep Double Bass (double-bass, other)"""
    MVSEP_MANDOLIN = 74
    """MVSep Mandolin (mandolin, other)"""
    MVSEP_TROMBONE = 75
    """MVSep Trombone (trombone, other)"""
    MVSEP_TAMBOURINE = 76
    """MVSep Tambourine (tambourine, other)"""
    MVSEP_OBOE = 77
    """MVSep Oboe (oboe, other)"""
    MVSEP_CLARINET = 78
    """MVSep Clarinet (clarinet, other)"""
    MVSEP_DIGITAL_PIANO = 79
    """MVSep Digital Piano (digital-piano, other)"""
    SOME = 80
    """SOME (Singing-Oriented MIDI Extractor)"""
    MVSEP_ELECTRIC_GUITAR = 81
    """MVSep Electric Guitar (electric-guitar, other)"""
    MVSEP_FRENCH_HORN = 82
    """MVSep French Horn (french-horn, other)"""
    MVSEP_BANJO = 83
    """MVSep Banjo (banjo, other)"""
    MVSEP_MARIMBA = 84
    """MVSep Marimba (marimba, other)"""
    MVSEP_GLOCKENSPIEL = 85
    """MVSep Glockenspiel (glockenspiel, other)"""
    MVSEP_TIMPANI = 86
    """MVSep Timpani (timpani, other)"""
    MVSEP_HARMONICA = 87
    """MVSep Harmonica (harmonica, other)"""
    MVSEP_SYNTH = 88
    """MVSep Synth (synth, other)"""
    MVSEP_TRIANGLE = 89
    """MVSep Triangle (triangle, other)"""
    MVSEP_SITAR = 90
    """MVSep Sitar (sitar, other)"""
    MVSEP_HARPSICHORD = 91
    """MVSep Harpsichord (harpsichord, other)"""
    MVSEP_TUBA = 92
    """MVSep Tuba (tuba, other)"""
    MVSEP_BASSOON = 93
    """MVSep Bassoon (bassoon, other)"""
    MVSEP_CONGAS = 94
    """MVSep Congas (congas , other)"""
    MVSEP_BELLS = 95
    """MVSep Bells (bells, other)"""
    MVSEP_UKULELE = 96
    """MVSep Ukulele (ukulele, other)"""
    MVSEP_DOBRO = 97
    """MVSep Dobro (dobro, other)"""
    MVSEP_WIND_CHIMES = 98
    """MVSep Wind Chimes (wind-chimes, other)"""
    MVSEP_ACCORDION = 99
    """MVSep Accordion (accordion, other)"""
    MVSEP_LEAD_RHYTHM_GUITAR = 101
    """MVSep Lead/Rhythm Guitar (lead-guitar, rhythm-guitar)"""
    MVSEP_PLUCKED_STRINGS = 102
    """MVSep Plucked Strings (plucked-strings, other)"""
    VIBEVOICE_VOICE_CLONING = 103
    """VibeVoice (Voice Cloning)"""
    VIBEVOICE_TTS = 104
    """VibeVoice (TTS)"""
    MVSEP_PERCUSSION = 105
    """MVSep Percussion (percussion, other)"""
    MVSEP_KEYS = 106
    """MVSep Keys (keys, other)"""
    MVSEP_BRASS = 107
    """MVSep Brass (brass, other)"""
    MVSEP_WOODWIND = 108
    """MVSep Woodwind (woodwind, other)"""
    MVSEP_XYLOPHONE = 109
    """MVSep Xylophone (xylophone, other)"""
    MVSEP_CELESTA = 110
    """MVSep Celesta (celesta, other)"""
    MVSEP_SATB_CHOIR = 111
    """MVSep SATB Choir (soprano, alto, tenor, bass)"""
    MVSEP_CHOIR = 112
    """MVSep Choir (choir, other)"""
    TRANSKUN = 113
    """Transkun (Piano -> MIDI)"""
    BASIC_PITCH = 114
    """Basic Pitch (MIDI Extraction)"""
    BARK = 115
    """Bark (Speech Gen)"""
    MVSEP_BAGPIPES = 116
    """MVSep Bagpipes (bagpipes , other)"""
    MVSEP_BRAAM = 117
    """MVSep Braam"""
    QWEN3_TTS_CUSTOM_VOICE = 118
    """Qwen3-TTS (Custom Voice)"""
    QWEN3_TTS_VOICE_DESIGN = 119
    """Qwen3-TTS (Voice Design)"""
    QWEN3_TTS_VOICE_CLONING = 120
    """Qwen3-TTS (Voice Cloning)"""
    HEARTMULA = 121
    """HeartMuLa (Song Gen)"""
    MVSEP_FX = 122
    """MVSep FX"""
    BS_POLARFORMER = 123
    """BS PolarFormer (vocals, instrumental)"""
    MVSEP_PEDAL_STEEL_GUITAR = 124
    """MVSep Pedal Steel Guitar"""
    MVSEP_RISERS = 125
    """MVSep Risers"""
    MEGA_53_STEM_MODEL = 126
    """Mega 53-stem Model"""
    ADTOF_PLUS = 127
    """ADTOF Plus (Drums -> MIDI)"""
    MVSEP_COWBELL = 128
    """MVSep Cowbell"""
    MVSEP_VIBRAPHONE = 129
    """MVSep Vibraphone"""
    MVSEP_METAL_BARS = 130
    """MVSep Metal Bars"""
    MVSEP_RHODES = 131
    """MVSep Rhodes"""
    MVSEP_WHISTLE = 132
    """MVSep Whistle"""
    MVSEP_CLAP = 133
    """MVSep Clap"""
