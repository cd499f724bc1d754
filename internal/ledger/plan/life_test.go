package plan_test

import (
	"slices"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/ledger/plan"
)

// Wherever a distribution stands, the table says what it is called, its colour, who has to do something, and offers payment only after
// display and no change of what is past.
func TestLife(t *testing.T) {
	type want struct {
		label, tone, do string
		acts, never     []string
	}
	dis, sub, pay := "DiscloseDistribution", "SubmitDistribution", "ConfirmPayouts"
	void, revise := "VoidDistribution", "ReviseDistribution"
	for _, c := range []struct {
		name string
		d    plan.Distribution
		want want
	}{
		{"a draft", plan.Distribution{State: plan.Draft}, want{"草稿", "info", "核对每户金额后提交", []string{sub, revise, void}, []string{pay, dis}}},
		{"a draft that lies open", plan.Distribution{State: plan.Draft, Open: &plan.LaidOpen{Entry: 1}},
			want{"会前公开", "info", "开会通过后写明决议,提交", []string{sub, revise, void}, []string{"LayOpen", pay}}},
		{"put away, with something unclaimed", plan.Distribution{State: plan.Closed, Holders: 2, Due: 2, From: "2026-01-01", Paid: 1,
			PaidCount: 1,
			Held:      1, HeldCount: 1, Reserved: 1, ReservedCount: 1},
			want{"已办结", "good", "", []string{pay, "ReversePayouts"}, []string{void, "MakeBatch"}}},
		{"all paid or in the reserve", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2, From: "2026-01-01", Paid: 1, PaidCount: 1,
			Held: 1, HeldCount: 1, Reserved: 1, ReservedCount: 1},
			want{"结清", "good", "已付清,请办结", []string{"CloseDistribution", pay}, []string{dis}}},
		{"submitted", plan.Distribution{State: plan.Submitted, Holders: 2, Due: 2},
			want{"待审核", "wait", "请审核", []string{"ApproveDistribution", "ReturnDistribution", void}, []string{revise, sub, pay}}},
		{"returned", plan.Distribution{State: plan.Returned}, want{"已退回", "bad", "按退回的原因修改", []string{revise, void}, []string{sub, pay}}},
		{"void", plan.Distribution{State: plan.Voided}, want{"已作废", "", "", []string{"DraftDistribution"}, []string{revise, pay, void}}},
		{"approved", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2},
			want{"待公示", "wait", "请公示", []string{dis, void}, []string{pay, revise}}},
		{"displayed", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2, From: "2026-01-01"},
			want{"已公示,待发放", "wait", "还有待付的户", []string{pay, "MakeBatch", void}, []string{dis}}},
		{"partly paid", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2, From: "2026-01-01", Paid: 1, PaidCount: 1},
			want{"发放中", "wait", "还有待付的户", []string{pay}, []string{dis}}},
		{"with a bank", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2, From: "2026-01-01", Sent: 1, SentCount: 1},
			want{"发放中", "wait", "还有待付的户", []string{pay}, []string{dis}}},
		{"failed", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2, From: "2026-01-01", Failed: 1, FailCount: 1},
			want{"发放中", "bad", "有付款失败的户", []string{pay}, []string{dis}}},
		{"all paid", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2, From: "2026-01-01", Paid: 2, PaidCount: 2},
			want{"结清", "good", "已付清,请办结", []string{"CloseDistribution", "ReversePayouts"}, []string{dis}}},
		{"closed", plan.Distribution{State: plan.Closed, Holders: 2, Due: 2, From: "2026-01-01", Paid: 2, PaidCount: 2},
			want{"已办结", "good", "", []string{"ReversePayouts", "DraftDistribution"}, []string{pay, void}}},
		// as older programs let it be: paid before display was asked for
		{"paid without display", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2, Paid: 1, PaidCount: 1},
			want{"发放中", "wait", "请公示", []string{dis}, []string{pay}}},
		{"failed without display", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2, Failed: 1, FailCount: 1},
			want{"发放中", "bad", "有付款失败的户", []string{dis}, []string{pay}}},
		{"all paid without display", plan.Distribution{State: plan.Approved, Holders: 2, Due: 2, Paid: 2, PaidCount: 2},
			want{"结清", "good", "请公示", []string{dis, "CloseDistribution"}, []string{pay}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := c.d.Stage()
			if string(s.Label) != c.want.label || s.Tone != c.want.tone || string(s.Do) != c.want.do || (s.Do == "") != (s.Who == "") {
				t.Errorf("%s %q %q %s, want %+v", s.Label, s.Tone, s.Do, s.Who, c.want)
			}
			for _, act := range c.want.acts {
				if !slices.Contains(s.Acts, act) {
					t.Errorf("%s is not offered", act)
				}
			}
			for _, act := range c.want.never {
				if slices.Contains(s.Acts, act) {
					t.Errorf("%s is offered", act)
				}
			}
			if len(s.Ahead) > 0 && s.Paid != (s.Ahead[0] == "办结") {
				t.Errorf("ahead: %v, paid: %v", s.Ahead, s.Paid)
			}
		})
	}
	for role, has := range map[journal.Role]bool{journal.Accountant: true, journal.Reviewer: true, journal.Official: false} {
		if plan.HasTasks(role) != has {
			t.Errorf("%s has tasks: %v", role, !has)
		}
	}
}
