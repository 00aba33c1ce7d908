namespace FuncAiSecure.Core.Quotas;

/// <summary>Which models this deployment has; a plan that names another one does not start.</summary>
public interface IModelNames
{
    /// <summary>True if the catalogue has a model of this name, in any version, ready or not.</summary>
    bool Contains(string model);
}
