using FuncAiSecure.Core;
using FuncAiSecure.Http;
using FuncAiSecure.TestSupport;

namespace FuncAiSecure.Tests.Docs;

public sealed class ProblemDocsTests
{
    [Fact]
    public void The_page_lists_every_problem_with_its_status_and_no_other()
    {
        var rows = File.ReadLines(Path.Combine(Repository.Root, "docs", "problems.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length > 3 && int.TryParse(cells[1], out _))
            .Select(cells => $"{cells[1]} {cells[2].Trim('`')}");

        rows.ShouldBe(
            Enum.GetValues<RefusalCode>().Select(RefusalMapping.Of).Select(form => $"{form.Status} {form.Code}"), ignoreOrder: true);
    }
}
