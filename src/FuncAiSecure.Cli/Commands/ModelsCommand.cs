using System.CommandLine;
using FuncAiSecure.Cli.Commands.Models;

namespace FuncAiSecure.Cli.Commands;

/// <summary><c>funcai models</c>: the life of model versions, from a folder to the one that serves and back.</summary>
internal static class ModelsCommand
{
    public static Command Create(CliContext context) => new("models", "Verify, sign, test, add, promote, roll back and list models")
    {
        VerifyModels.Create(context),
        SignModel.Create(context),
        TestModels.Create(context),
        AddModel.Create(context),
        PromoteModel.Create(context),
        RollbackModel.Create(context),
        ListModels.Create(context),
    };
}
