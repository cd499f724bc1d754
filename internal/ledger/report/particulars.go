package report

import (
	"reflect"
	"strconv"

	"github.com/sanbian/ledger/internal/ledger/income"
	"github.com/sanbian/ledger/internal/ledger/journal"
	"github.com/sanbian/ledger/internal/money"
	"github.com/sanbian/ledger/internal/region"
	"github.com/sanbian/ledger/internal/seal"
)

// Particular is one thing that an entry says, as a person reads it.
type Particular struct {
	Name  journal.Label
	ID    string        // where the value names something that has an id
	Value string        // of an id, what it is called, "" where that is not known or out of reach
	Word  journal.Label // in place of Value: a word of the domain
	Box   bool          // sealed: a personal number or a password's hash
	Rows  [][]Particular
	More  int // rows that are left out
}

// maxParticulars is how many rows of a list are read out: a distribution's figures have a page of their own.
const maxParticulars = 50

// Particulars reads out what an entry says, in the order of its fields; what it leaves open is left out.
func Particulars(v *journal.View, e journal.Entry) []Particular {
	return particulars(v, reflect.ValueOf(e).Elem())
}

func particulars(v *journal.View, of reflect.Value) (list []Particular) {
	t := of.Type()
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() || f.Tag.Get("cbor") == "-" || of.Field(i).IsZero() {
			continue
		}
		name := f.Tag.Get("json")
		if name == "" || name == "-" {
			name = f.Name
		}
		p := Particular{Name: particularName(t.Name(), name)}
		if read(v, &p, name, of.Field(i)); p.ID != "" || p.Value != "" || p.Word != "" || p.Box || p.Rows != nil {
			list = append(list, p)
		}
	}
	return list
}

// read fills in what a field holds.
func read(v *journal.View, p *Particular, name string, value reflect.Value) {
	switch x := value.Interface().(type) {
	case seal.Box:
		p.Box = !x.Empty()
	case interface{ Label() journal.Label }:
		p.Word = x.Label()
	case money.Yuan:
		p.Value = x.Grouped()
	case money.Quantity:
		p.Value = x.Grouped()
	case money.Rate:
		p.Value = x.String()
	case region.Code:
		p.ID, p.Value = string(x), v.Called(string(x))
	case bool:
		p.Word = "是"
	case string:
		if name == "item" || name == "Item" {
			it, _ := income.ItemNamed(x)
			p.Word = it.Label
			return
		}
		if p.Value = x; journal.PlaceOf(x) != "" && (!journal.VillageID.Is(x) || name == "book" || name == "of") {
			p.ID, p.Value = x, v.Called(x)
		}
	default:
		switch value.Kind() {
		case reflect.String:
			p.Value = value.String()
		case reflect.Int:
			p.Value = strconv.FormatInt(value.Int(), 10)
		case reflect.Uint64:
			p.Value = strconv.FormatUint(value.Uint(), 10)
		case reflect.Slice:
			for i := range min(value.Len(), maxParticulars) {
				if item := value.Index(i); item.Kind() == reflect.Struct {
					p.Rows = append(p.Rows, particulars(v, item))
				} else {
					var one Particular
					read(v, &one, name, item)
					p.Rows = append(p.Rows, []Particular{one})
				}
			}
			p.More = value.Len() - len(p.Rows)
		}
	}
}

// particularName is what a field is called: by the name of its entry or list and its own where one name has several meanings, else by its own.
func particularName(of, name string) journal.Label {
	if label, ok := particularNames[of+"."+name]; ok {
		return label
	}
	if label, ok := particularNames[name]; ok {
		return label
	}
	return journal.Label(name)
}

var particularNames = map[string]journal.Label{
	"account": "账号", "all": "全部待付", "amount": "金额(元)", "answer": "答复", "area": "面积(亩)", "bank": "开户行", "batch": "银行批次", "book": "账",
	"bound": "不得转让", "by": "提出人", "card": "银行卡", "carry_odd": "余数结转", "cause": "原因", "certificate": "权证号", "class": "股份", "clear": "清空", "code": "区划代码",
	"collective": "集体(百分数)", "contract": "合同", "credit_code": "统一社会信用代码", "date": "日期", "days": "按持有天数", "digest": "内容的 SHA-256", "disclosure_days": "分红公示天数",
	"distribution": "分红方案", "entity": "经营主体", "first": "只在还没有时配", "founded": "成立日期", "from_year": "从哪一年起", "frozen_from": "股权固化自", "fund": "用途", "holder": "股东",
	"holders": "股东", "home": "账号的地区", "id": "编号", "id_no": "身份证号", "income": "收支", "interim": "初次分红", "item": "项目", "kind": "类型", "line": "行",
	"managers": "管理人员(百分数)", "mark": "标记", "marks": "标记", "measure": "按什么", "members": "家庭成员", "movement": "变动的日志号", "name": "名称", "note": "说明", "objection": "第几条异议", "of": "看谁的",
	"paid": "退出金额(元)", "party": "对方", "people": "家庭人数", "phone": "电话", "pledge": "质押的日志号", "pledgee": "质权人", "pool": "总额(元)", "price": "每股价格(元)",
	"product": "品名", "quantified": "量化的日志号", "quantity": "数量", "rate": "每单位(元)或百分数", "reason": "原因", "recipients": "给哪些户", "record_date": "登记日", "region": "地区",
	"relation": "关系", "representative": "负责人", "reserve": "公积公益金比例(百分数)", "resolution": "决议编号", "reward": "回报方式", "reward_rate": "回报数额", "role": "角色", "rule": "分法",
	"shares": "配股数", "source": "来源", "state": "结果", "text": "内容", "to_collective": "集体是哪个股东", "to_managers": "管理人员是哪些股东", "unit": "单位", "until": "期限到",
	"value": "作价或金额(元)", "village": "村", "volume": "交易量", "voucher": "凭证号", "withdrawal_cap": "有偿退出每年上限(百分数)", "year": "年度", "years": "分几年", "components": "分配项目",
	"changes": "增减", "heirs": "继承人", "results": "银行结果",
	"ID": "编号", "IDBox": "身份证号", "Box": "身份证号", "PhoneBox": "电话", "CardBox": "银行卡", "Sealed": "密码", "ReserveFrom": "从哪一年起", "Book": "账", "Until": "公示到", "Lines": "各行",
	"Quantity": "数量", "Back": "退回", "Taken": "冲销的日志号", "Days": "公示天数", "Line": "行", "Unnamed": "没写开户行", "unnamed": "没写开户行", "Base": "分保底以前(元)", "Date": "日期", "Contribution": "入股", "Item": "项目", "Amount": "金额(元)", "Party": "对方", "Years": "分几年", "Parts": "各户", "Type": "文件类型", "Size": "字节数",
	"Figures": "各户应付", "Totals": "各项合计", "Due": "应付(元)", "Holder": "股东", "Units": "股数", "Weight": "权数", "Pool": "总额(元)", "Holders": "户数", "Odd": "多出的分",
	"Excess": "超出保底(元)", "Ref": "哪一笔", "Name": "名称", "Bank": "开户行", "Card": "银行卡", "State": "结果", "Reason": "原因", "Extra": "其中集体或管理人员所得(元)",
	"TransferShares.from": "转出人", "TransferShares.to": "接收人", "RecordContribution.from": "期限起", "DiscloseDistribution.from": "公示起始日", "AttachPaper.to": "附给",
	"Component.members": "成员(百分数)", "BringForward.amount": "年初未分配收益(元)", "MakeBatch.Lines": "各笔", "ConfirmPayouts.Lines": "村集体投资收益", "SettleBatch.Lines": "村集体投资收益",
	"ReversePayouts.Lines": "村集体投资收益", "RecordTrade.amount": "交易额(元)", "RecordContribution.kind": "种类",
}
