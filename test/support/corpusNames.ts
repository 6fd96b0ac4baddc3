// nothing → paths as published of a few clips of every corpus, and what each is, written out by hand

import type { ByteSource } from '../../src/dataset/byteSource.ts';
import type { CorpusName } from '../../src/dataset/corpora.ts';
import { memorySource } from './fakeRavdess.ts';

/** What a clip is: label, speaker, own word, and sex (or `-`), language, other groups. */
type Wanted = readonly [
  label: string,
  speaker: string,
  emotion: string,
  sex: string,
  language: string,
  others?: object,
];

export interface CorpusTree {
  /** Recordings, in any order. */
  readonly clips: Readonly<Record<string, Wanted>>;
  /** Recordings and other files that are left out, and why. */
  readonly leftOut?: Readonly<Record<string, string | RegExp>>;
  /** Files of labels, with their texts. */
  readonly labelFiles?: Readonly<Record<string, string>>;
}

const AN_EMOTION = /^its emotion is '.+', which none of the labels means$/;

export const CORPUS_TREES: Readonly<Record<CorpusName, CorpusTree>> = {
  ravdess: {
    clips: {
      'Actor_01/03-01-06-02-01-02-01.wav': [
        ...['fearful', '01', 'fearful', 'male', 'en'],
        { actor: '01', intensity: 'strong', vocalChannel: 'speech' },
      ] as never,
      'Actor_24/03-02-02-01-02-01-24.wav': [
        ...['calm', '24', 'calm', 'female', 'en'],
        { actor: '24', intensity: 'normal', vocalChannel: 'song' },
      ] as never,
    },
    leftOut: { 'licence.txt': 'it is not a recording of RAVDESS, by its name' },
  },
  tess: {
    clips: {
      'OAF_back_angry.wav': ['angry', 'OAF', 'angry', 'female', 'en'],
      'OAF_Fear/OAF_ring_fear.wav': ['fearful', 'OAF', 'fear', 'female', 'en'],
      'YAF_pleasant_surprised/YAF_back_ps.wav': ['surprised', 'YAF', 'ps', 'female', 'en'],
      'OAF_neutral/OA_bite_neutral.wav': ['neutral', 'OAF', 'neutral', 'female', 'en'],
      'YAF_sad/YAF_keen_sad.wav': ['sad', 'YAF', 'sad', 'female', 'en'],
      'YAF_disgust/YAF_dog_disgust.wav': ['disgust', 'YAF', 'disgust', 'female', 'en'],
      'YAF_happy/YAF_dog_happy.wav': ['happy', 'YAF', 'happy', 'female', 'en'],
    },
    leftOut: { 'TESS Toronto/OAF_back_angry.wav': /^it is a copy of / },
  },
  nemo: {
    clips: {
      'samples/EB0_anger_1.wav': ['angry', 'EB0', 'anger', 'female', 'pl'],
      'samples/KS0_surprised_90.wav': ['surprised', 'KS0', 'surprised', 'male', 'pl'],
      'samples/WR0_sadness_3.wav': ['sad', 'WR0', 'sadness', 'male', 'pl'],
    },
    leftOut: { 'data.tsv': 'it is not a recording of nEMO, by its name' },
  },
  emovo: {
    clips: {
      'f1/gio-f1-b1.wav': ['happy', 'f1', 'joy', 'female', 'it'],
      'm3/pau-m3-n5.wav': ['fearful', 'm3', 'fear', 'male', 'it'],
      'm2/sor-m2-l4.wav': ['surprised', 'm2', 'surprise', 'male', 'it'],
    },
  },
  ased: {
    clips: {
      '01Neutral/n1-01-01-01-01.wav': ['neutral', '01', 'neutral', 'female', 'am'],
      '04Sad/S4-04-02-01-29.wav': ['sad', '29', 'sad', 'female', 'am'],
      // The code of the sex in it, 02, is wrong.
      '02Fearful/f2-07-02-02-21.wav': ['fearful', '21+23+25', 'fear', 'female', 'am'],
      '05Angry/a5-01-01-02-64.wav': ['angry', '64', 'angry', 'male', 'am'],
    },
    leftOut: { '02Fearful/f2-04-01-01-25.wav': "it is the same recording as 'f2-04-01-01-23'" },
  },
  turev: {
    clips: {
      'Sound Source/Angry/1157_kz_acik.wav': ['angry', '1157', 'angry', 'male', 'tr'],
      'Sound Source/Calm/1984_sh_bugu.wav': ['calm', '1984', 'calm', 'female', 'tr'],
    },
  },
  cremaD: {
    clips: {
      'AudioWAV/1001_DFA_ANG_XX.wav': ['angry', '1001', 'anger', 'male', 'en', { intensity: 'unspecified' }],
      'AudioWAV/1091_IEO_HAP_HI.wav': ['happy', '1091', 'happy', 'female', 'en', { intensity: 'high' }],
      'AudioWAV/1002_IEO_FEA_LO.wav': ['fearful', '1002', 'fear', 'female', 'en', { intensity: 'low' }],
      // As it was named before 2022.
      'AudioWAV/1040_ITH_SAD_X.wav': ['sad', '1040', 'sad', 'male', 'en', { intensity: 'unspecified' }],
      'AudioWAV/1064_IEO_DIS_MD.wav': ['disgust', '1064', 'disgust', 'male', 'en', { intensity: 'medium' }],
    },
    leftOut: {
      'AudioWAV/1076_MTI_SAD_XX.wav': 'it is silent',
      'AudioMP3/1064_IEO_DIS_MD.mp3': 'it holds several emotions',
      'VideoDemographics.csv': 'it is not a recording of CREMA-D, by its name',
    },
  },
  savee: {
    clips: {
      'AudioData/DC/sa01.wav': ['sad', 'DC', 'sadness', 'male', 'en'],
      'AudioData/KL/su15.wav': ['surprised', 'KL', 'surprise', 'male', 'en'],
      'ALL/JK_n30.wav': ['neutral', 'JK', 'neutral', 'male', 'en'],
    },
    leftOut: { 'AudioData/Info.txt': 'it is not a recording of SAVEE, by its name' },
  },
  emoDb: {
    clips: {
      'wav/03a01Fa.wav': ['happy', '03', 'happiness', 'male', 'de'],
      'wav/08b02Wc.wav': ['angry', '08', 'anger', 'female', 'de'],
      'wav/16b10Eb.wav': ['disgust', '16', 'disgust', 'female', 'de'],
    },
    leftOut: { 'wav/03a02La.wav': AN_EMOTION },
  },
  iemocap: {
    clips: {
      'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_F000.wav': [
        ...['neutral', '01F', 'neutral', 'female', 'en'],
        { style: 'improvised' },
      ] as never,
      'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_M001.wav': [
        ...['happy', '01M', 'excited', 'male', 'en'],
        { style: 'improvised' },
      ] as never,
      'Session5/sentences/wav/Ses05M_script01_1b/Ses05M_script01_1b_F012.wav': [
        ...['angry', '05F', 'anger', 'female', 'en'],
        { style: 'scripted' },
      ] as never,
    },
    leftOut: {
      'Session1/sentences/wav/Ses01F_impro01/Ses01F_impro01_M002.wav': AN_EMOTION,
      'Session1/dialog/wav/Ses01F_impro01.wav': 'it is a whole dialogue',
      'Session1/dialog/EmoEvaluation/Categorical/Ses01F_impro01_e2_cat.txt':
        'it is not a recording of IEMOCAP, by its name',
    },
    labelFiles: {
      'Session1/dialog/EmoEvaluation/Ses01F_impro01.txt': [
        '% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]',
        '',
        '[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]',
        'C-E2:\tNeutral;\t()',
        'A-E3:\tval 3; act 2; dom  2;\t()',
        '',
        '[10.0100 - 11.3925]\tSes01F_impro01_M001\texc\t[4.5000, 4.0000, 2.5000]',
        '[14.8872 - 18.0175]\tSes01F_impro01_M002\txxx\t[2.5000, 2.5000, 2.5000]',
      ].join('\r\n'),
      'Session5/dialog/EmoEvaluation/Ses05M_script01_1b.txt':
        '[1.0000 - 2.0000]\tSes05M_script01_1b_F012\tang\t[1.0, 4.0, 4.5]\n',
    },
  },
  esd: {
    clips: {
      '0011/Angry/0011_000351.wav': ['angry', '0011', 'angry', 'male', 'en'],
      '0015/Surprise/test/0015_001421.wav': ['surprised', '0015', 'surprise', 'female', 'en'],
      '0001/0001_000701.wav': ['happy', '0001', 'happy', 'female', 'zh'],
    },
    labelFiles: {
      '0011/0011.txt': '0011_000351\tThe nine the eggs, I keep.\tAngry\n',
      '0001/0001.txt': '0001_000001\t打远一看。\t中立\n0001_000701\t打远一看。\t快乐\n',
    },
  },
  jlCorpus: {
    clips: {
      'Raw JL corpus/JL(wav+txt)/male1_angry_10a_1.wav': ['angry', 'male1', 'angry', 'male', 'en-NZ'],
      'Raw JL corpus/JL(wav+txt)/female2_excited_2b_2.wav': ['happy', 'female2', 'excited', 'female', 'en-NZ'],
    },
    leftOut: {
      'Raw JL corpus/JL(wav+txt)/male1_assertive_10a_1.wav': AN_EMOTION,
      'Raw JL corpus/JL(wav+txt)/male1_angry_10a_1.txt': 'it is not a recording of JL-Corpus, by its name',
    },
  },
  shemo: {
    clips: {
      'female/F21N05.wav': ['neutral', 'F21', 'neutral', 'female', 'fa'],
      'female/F03F01.wav': ['fearful', 'F03', 'fear', 'female', 'fa'],
      'male/M21W02.wav': ['surprised', 'M21', 'surprise', 'male', 'fa'],
    },
  },
  cafe: {
    clips: {
      'Colère/Faible/01-C-1-1.wav': ['angry', '01', 'colère', 'male', 'fr-CA', { intensity: 'low' }],
      'Peur/Fort/12-P-2-6.wav': ['fearful', '12', 'peur', 'female', 'fr-CA', { intensity: 'high' }],
      'Neutre/04-N-1-3.wav': ['neutral', '04', 'neutre', 'female', 'fr-CA', { intensity: 'low' }],
    },
  },
  mesd: {
    clips: {
      'Anger_C_A_abajo.wav': ['angry', 'children', 'anger', '-', 'es-MX', { voice: 'children' }],
      'Happiness_F_B_feliz.wav': ['happy', 'women', 'happiness', 'female', 'es-MX', { voice: 'women' }],
      'Fear_M_A_atrás.wav': ['fearful', 'men', 'fear', 'male', 'es-MX', { voice: 'men' }],
    },
  },
  subesco: {
    clips: {
      'F_02_MONIKA_S_1_NEUTRAL_5.wav': ['neutral', 'F02', 'neutral', 'female', 'bn'],
      'M_10_SHIPLU_S_10_SURPRISE_1.wav': ['surprised', 'M10', 'surprise', 'male', 'bn'],
    },
  },
  aesdd: {
    clips: {
      'anger/a01 (1).wav': ['angry', '1', 'anger', '-', 'el'],
      'sadness/s19 (5).wav': ['sad', '5', 'sadness', '-', 'el'],
      'happiness/h03 (4)b.wav': ['happy', '4', 'happiness', '-', 'el'],
    },
  },
  baved: {
    clips: { '1/12-m-21-0-1-105.wav': ['neutral', '12', 'neutral level of emotion', 'male', 'ar'] },
    leftOut: { '2/3-f-20-6-2-17.wav': AN_EMOTION, '0/3-f-20-6-0-18.wav': AN_EMOTION },
  },
  urdu: {
    clips: {
      'Angry/SM1_F1_A01.wav': ['angry', 'SM1', 'angry', 'male', 'ur'],
      'Happy/SF12_F4_H034.wav': ['happy', 'SF12', 'happy', 'female', 'ur'],
    },
  },
  enterface: {
    clips: {
      'subject 1/anger/sentence 1/s1_an_1.avi': ['angry', '01', 'anger', '-', 'en'],
      'subject 6/surprise/s6_su_2.avi': ['surprised', '06', 'surprise', '-', 'en'],
      'subject 3/fear/sentence 5/s_3_fe_5.avi': ['fearful', '03', 'fear', '-', 'en'],
    },
  },
  meld: {
    clips: {
      'MELD.Raw/train_splits/dia0_utt3.mp4': ['happy', 'Monica', 'joy', 'female', 'en', { split: 'train' }],
      'MELD.Raw/dev_splits_complete/dia0_utt3.mp4': ['sad', 'Paul', 'sadness', '-', 'en', { split: 'dev' }],
      'MELD.Raw/output_repeated_splits_test/dia0_utt3.mp4': [
        'disgust',
        'Joey',
        'disgust',
        'male',
        'en',
        { split: 'test' },
      ],
    },
    leftOut: {
      'MELD.Raw/output_repeated_splits_test/final_videos_testdia0_utt3.mp4': 'it is a second copy of a clip',
      'MELD.Raw/train_splits/dia125_utt3.mp4': 'it is damaged',
    },
    labelFiles: {
      'MELD.Raw/train_sent_emo.csv':
        'Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\r\n1,"""Oh"", she said,\n and left",Monica,joy,positive,0,3\r\n',
      'MELD.Raw/dev_sent_emo.csv':
        '\uFEFFSr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n1,Oh,Paul,sadness,negative,0,3\n',
      'MELD.Raw/test_sent_emo.csv':
        'Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID\n1,"Oh, no",Joey,disgust,negative,0,3',
    },
  },
};

/** The tree of a corpus as sources, under a folder of its name. */
export function corpusSources(name: CorpusName): ByteSource[] {
  const { clips, leftOut = {}, labelFiles = {} } = CORPUS_TREES[name];
  const texts = Object.entries(labelFiles).map(([path, text]) =>
    memorySource(`${name}/${path}`, new TextEncoder().encode(text)),
  );
  return [...Object.keys(clips), ...Object.keys(leftOut)].map((path) => memorySource(`${name}/${path}`)).concat(texts);
}
