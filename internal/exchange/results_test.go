package exchange

import (
	"strings"
	"testing"

	"github.com/sanbian/ledger/internal/ledger/dividend"
)

// A payment counts as made where every part of the bank's word is known; what is not clear is asked.
func TestWordsOfBanks(t *testing.T) {
	for want, words := range map[string]string{
		"paid":   "成功 交易成功 代发成功 处理成功 支付成功 00 0000 success 已入账 入账成功 已付款 00-交易成功 0000:成功 全部成功 转账成功 已到账 完成 是",
		"failed": "失败 代发失败 没有成功 未成功 不成功 退票 户名不符 账户不存在 无法入账 未到账 N 否 拒绝 账户状态异常 未能入账",
		"wait":   "处理异常,待核实 未知错误,处理中 处理中 入账中 预计到账 次日到账 成功受理 提交银行成功 已受理 待处理 在途 正在入账",
		"ask":    "不正常 账户正常 校验成功 退款成功 成功0笔 部分成功 交易成功,无错误 上传成功 登记成功 好 1",
	} {
		for _, word := range strings.Fields(words) {
			state, undecided := stateOf(word)
			got := map[dividend.PayoutState]string{dividend.Paid: "paid", dividend.Failed: "failed", "": "ask"}[state]
			if undecided {
				got = "wait"
			}
			if got != want {
				t.Errorf("%s: %s, want %s", word, got, want)
			}
		}
	}
}

// A name that a bank could not print, or masked, is the one that was sent; another is not.
func TestUnprintedNames(t *testing.T) {
	for _, x := range []struct {
		printed, name string
		same          bool
	}{
		{"王?", "王䶮", true}, {"王??", "王䶮", true}, {"王□", "王䶮", true}, {"买买提?吐尔逊", "买买提·吐尔逊", true}, {"买买提吐尔逊", "买买提·吐尔逊", true},
		{"赵*柱", "赵铁柱", true}, {"*铁柱", "赵铁柱", true}, {"赵**", "赵铁柱", true},
		{"王?", "赵铁柱", false}, {"李*柱", "赵铁柱", false}, {"赵*", "赵铁柱", false}, {"***", "赵铁柱", false}, {"?", "赵铁柱", false}, {"王强", "王䶮", false},
	} {
		if got := unprinted(x.printed, x.name); got != x.same {
			t.Errorf("%s for %s: %v", x.printed, x.name, got)
		}
	}
}
