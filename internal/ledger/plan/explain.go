package plan

import (
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
)

// ExcessInWords tells how an excess came about and was split.
func (c Component) ExcessInWords(t ComponentTotal) *journal.Error {
	managers, collective := t.Excess.Percent(c.Managers), t.Excess.Percent(c.Collective)
	return journal.Say("%s 元 − 已分 %s 元 = 超出 %s 元:成员 %s 元、集体 %s 元、管理人员 %s 元", t.Base.Grouped(), (t.Base - t.Excess).Grouped(), t.Excess.Grouped(),
		(t.Excess - managers - collective).Grouped(), collective.Grouped(), managers.Grouped())
}

// Counted tells what the weights of a pool count, where that is not plain.
func (c Component) Counted() journal.Label {
	switch {
	case c.Days:
		return "(股数 × 天数)"
	case c.Rule == Patronage && c.Measure == MeasureVolume:
		return "(交易量)"
	case c.Rule == Patronage:
		return "(交易额)"
	case c.Rule == ByAccount:
		return "(账户余额)"
	}
	return ""
}

// Weighed prints a weight of a component in what it counts: units, units × days, or yuan.
func (c Component) Weighed(w money.Quantity) string {
	if c.Rule == GuaranteePercent || c.Rule == ByAccount || c.Rule == Patronage && c.Measure != MeasureVolume {
		return money.Yuan(w).Grouped()
	}
	return w.Grouped()
}
