package plan

// Measure is what of a member's trade counts.
type Measure string

// The measures.
const (
	MeasureAmount Measure = "amount" // 交易额, yuan
	MeasureVolume Measure = "volume" // 交易量, in the product's unit
)
