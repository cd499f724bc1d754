package register

import "github.com/sanbian/ledger/internal/ledger/journal"

func init() {
	journal.Register(&ReissueCertificate{}, &ChangeCharter{}, &ChangeReserve{}, &DissolveEntity{}, &ReverseDissolution{}, &RecordContribution{}, &CorrectShareholder{}, &CorrectEntity{}, &RegisterEntity{}, &IssueShares{}, &ReverseMovement{}, &ListMembers{}, &RevealNumbers{}, &PledgeShares{}, &ReleasePledge{}, &OpenShareClass{}, &CloseShareClass{}, &ReopenShareClass{}, &RegisterShareholder{}, &ChangeBankCard{}, &TransferShares{}, &WithdrawShares{}, &AdjustShares{})
}
