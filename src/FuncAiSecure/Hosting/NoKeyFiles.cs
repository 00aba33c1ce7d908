using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace FuncAiSecure.Hosting;

/// <summary>
/// MVC, which the worker brings along, starts data protection, and that writes an unencrypted key file to the user's home.
/// Nothing here uses it, so its keys live in memory and die with the process.
/// </summary>
internal static class NoKeyFiles
{
    public static IServiceCollection KeepDataProtectionKeysInMemory(this IServiceCollection services)
    {
        services.AddDataProtection();
        return services.Configure<KeyManagementOptions>(options => options.XmlRepository = new MemoryRepository());
    }

    private sealed class MemoryRepository : IXmlRepository
    {
        private readonly Lock _lock = new();
        private readonly List<XElement> _elements = [];

        public IReadOnlyCollection<XElement> GetAllElements()
        {
            lock (_lock)
            {
                return [.. _elements];
            }
        }

        public void StoreElement(XElement element, string friendlyName)
        {
            lock (_lock)
            {
                _elements.Add(element);
            }
        }
    }
}
