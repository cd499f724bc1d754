package plan

// balanced stops a bug before it reaches the books: nothing is paid twice.
func (d *Distribution) Balanced() {
	if d.Outstanding() < d.Sent || d.OutstandingCount() < d.SentCount || d.Sent < 0 || d.Paid < 0 || d.Failed < 0 || d.Held < 0 {
		panic("distribution " + d.ID + ": more paid, failed, held and sent than due")
	}
}
