package dividend

import "github.com/sanbian/ledger/internal/ledger/journal"

func init() {
	journal.Register(&MakeBatch{}, &SettleBatch{}, &RecallBatch{}, &DiscloseDistribution{}, &RaiseObjection{}, &AnswerObjection{}, &CloseDistribution{}, &DraftDistribution{}, &ReviseDistribution{}, &HoldPayouts{}, &ReleasePayout{}, &QuantifyReserve{}, &QuantifySubsidy{}, &ReverseQuantified{}, &ConfirmPayouts{}, &FailPayouts{}, &ReversePayouts{}, &SubmitDistribution{}, &ReturnDistribution{}, &ApproveDistribution{}, &VoidDistribution{}, &RecordTrade{})
}
