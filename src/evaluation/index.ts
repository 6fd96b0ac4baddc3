// labelled predictions → metrics, calibration, a report: one entry for all of evaluation

export type { ExampleSet } from '../exampleSet/exampleSet.ts';
export type { Named, SpeakerRule } from '../exampleSet/namedFold.ts';
export { permuteLabels } from '../exampleSet/permuteLabels.ts';
export type { PredictOptions } from '../model/predict.ts';
export type { TrainedModel } from '../model/trainedModel.ts';
export { audit } from './audit/audit.ts';
export type { AuditOptions, AuditProgress } from './audit/auditOptions.ts';
export { auditPage } from './audit/auditPage.ts';
export type {
  AuditedCorpus,
  AuditGap,
  AuditGroup,
  AuditResult,
  AuditView,
  DoseFigures,
  DoseResult,
  NonSpeechKind,
  ReliabilityBin,
  SpeechAudit,
} from './audit/auditResult.ts';
export {
  type AuditLimits,
  type AuditViolation,
  type Bounds,
  checkAudit,
  type DoseLimits,
  type ViewLimits,
} from './audit/checkAudit.ts';
export { AUDIT_CHANGES, type AuditChange, type AuditDose, type DosedClip } from './audit/dose.ts';
export { calibrate, fitTemperature } from './calibrate.ts';
export { checkLeaks, type LeakOptions, type SplitFold } from './checkLeaks.ts';
export { type EvaluateOptions, evaluate } from './evaluate.ts';
export {
  type EvaluatedClip,
  type Evaluation,
  type GroupScores,
  type ModelPredictions,
  type ProbabilityScores,
  summarise,
} from './evaluation.ts';
export type { Leak, LeakType, SplitClip } from './foldLeaks.ts';
export { formatEvaluation } from './formatEvaluation.ts';
export type { ConfusionMatrix, LabelledPrediction } from './labelledPrediction.ts';
export { averagePredictions, predictExamples } from './labelledPredictions.ts';
export {
  argMax,
  brierScore,
  confusionMatrix,
  expectedCalibrationError,
  macroF1,
  negativeLogLikelihood,
  recalls,
  sumConfusions,
  unweightedAverageRecall,
  weightedAverageRecall,
} from './metrics.ts';
export { type RestrictOptions, restrictPredictions } from './restrictPredictions.ts';
export { type BootstrapOptions, type Interval, speakerBootstrap } from './speakerBootstrap.ts';
export { type CoveragePoint, fitSureThreshold, riskCoverage, type SureThresholdOptions } from './sureThreshold.ts';
